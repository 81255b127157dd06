import CZlib

/// Unpacks deflated bytes (RFC 1951) in parts.
enum Inflation {
    static func run(
        _ file: ZipFile,
        _ start: Int,
        _ count: Int,
        name: String,
        _ take: ([UInt8]) throws(ZipFault) -> Void
    ) throws(ZipFault) {
        var stream = z_stream()
        guard roost_inflate_start(&stream) == Z_OK else { throw .damaged("'\(name)' cannot be unpacked") }
        defer { inflateEnd(&stream) }
        var place = start
        var status = Z_OK
        while status != Z_STREAM_END {
            guard place < start + count else { throw .damaged("'\(name)' ends too early") }
            var input = try file.bytes(at: place, count: min(ZipReader.part, start + count - place))
            place += input.count
            var offset = 0
            while status != Z_STREAM_END {
                let (output, used, next) = step(&stream, &input, offset)
                (offset, status) = (offset + used, next)
                guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                    throw .damaged("'\(name)' cannot be unpacked")
                }
                if !output.isEmpty { try take(output) }
                if offset == input.count, output.count < ZipReader.part { break }
                if output.isEmpty, used == 0 { break }
            }
        }
    }

    /// One call of the library: what came out, how much was used, and its status.
    private static func step(
        _ stream: inout z_stream,
        _ input: inout [UInt8],
        _ offset: Int
    ) -> (output: [UInt8], used: Int, status: Int32) {
        var used = 0
        var status = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: ZipReader.part) { buffer, filled in
            input.withUnsafeMutableBufferPointer { bytes in
                stream.next_in = bytes.baseAddress.map { $0 + offset }
                stream.avail_in = UInt32(bytes.count - offset)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(ZipReader.part)
                status = inflate(&stream, Z_NO_FLUSH)
                used = bytes.count - offset - Int(stream.avail_in)
            }
            filled = ZipReader.part - Int(stream.avail_out)
        }
        return (output, used, status)
    }
}
