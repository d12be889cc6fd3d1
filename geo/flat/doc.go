// Package flat writes and reads polygons with attributes as one compact binary
// file: a layer for a page that draws it, an offline map, a hit-test index. One
// vertex costs about three bytes, and nothing has to be parsed as text.
//
// # Format, version 1
//
// uv is an unsigned LEB128 of at most 64 bits, in its shortest form (as
// encoding/binary's Uvarint); sv is a signed number folded into one (zigzag);
// text is uv bytes of UTF-8 after their number.
//
//	file    = head block* end
//	head    = "GFLT" version:u8(1) flags:u8 layer:text class:text revision:uv
//	          [since:uv removed:ids]         when flag 1, a delta, is set
//	          columns:uv (name:text kind:u8)*
//	          features:uv polygons:uv rings:uv points:uv   of the whole file
//	block   = bytes:uv (above 0) content     content has exactly that many bytes
//	end     = 0:u8, and nothing after it
//	content = n:uv (at least 1)
//	          ids                            n of them
//	          column*                        of the head, in its order, n values each
//	          anchor:(sv sv)*n               first vertex of each feature, from that of the one
//	                                         before in the block; a feature without any has 0 0
//	          shape*n                        polygons:uv (rings:uv (points:uv)*)*
//	          kx:u8 ky:u8 vertices           of all rings in order, but each feature's first:
//	                                         a bit stream of the steps from the vertex before in the feature
//	ids     = the first as sv, then the distance to the one before as uv (removed: with their number before them)
//
// Coordinates are longitude, latitude in units of 1e-7 degrees, about one
// centimetre; a ring is written without the closing vertex and has at least
// three (GeoJSON's four). In the bit stream, which fills each byte from its
// lowest bit and ends with zeros, a step is its x by kx and its y by ky, each
// folded and Rice coded: the quotient by 2^k as ones and a zero, then k bits;
// from a quotient of 32 on, 32 ones and the number in 35 bits. No general
// packer comes as near to what steps between vertices hold. Columns are
//
//	1 number  n × uv
//	2 text    n × (shared:u8 rest:text)     shared bytes are those of the value before in the block, "" before the first
//	3 word    words:uv text* then n × uv     index into the block's own words
//	4 numbers n × (count:uv sv*)             each from the one before in the list
//
// A block stands on its own, so that blocks are kept, and packed, as long as
// nothing in them changes. In a delta the features replace those of the same
// id or come new, and those removed go; a whole file has every feature. Ids
// rise through the file. class names who may see just this; a reader keeps no
// file of one class for another.
//
// A reader checks before it believes: no count is above what the bytes left
// could hold. It ends at a version, a flag or a column kind that it does not know.
package flat
