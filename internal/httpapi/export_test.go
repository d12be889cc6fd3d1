package httpapi

import (
	"time"

	"github.com/labstack/echo/v4"
)

// Routes are what the server serves.
func (s *Server) Routes() []*echo.Route { return s.echo.Routes() }

// Pace makes streams beat and give up sooner than in production. Call it before the first request.
func (s *Server) Pace(heartbeat, writeTimeout time.Duration) {
	s.heartbeat, s.writeTimeout = heartbeat, writeTimeout
}

// Patience is how long the server waits for a small body.
func (s *Server) Patience(wait time.Duration) { s.bodyTime = wait }
