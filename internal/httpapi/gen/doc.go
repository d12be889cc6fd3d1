// Package gen holds what oapi-codegen makes of openapi.yaml: models and the
// server interface of the JSON operations.
package gen

//go:generate go tool -modfile=../../../tools.mod oapi-codegen -config config.yaml ../openapi.yaml
