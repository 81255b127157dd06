import Testing

@testable import RoostLanguageServer

@Suite("Frames and messages")
struct FrameTests {
    private func content(_ pieces: [FrameScanner.Piece]) -> [String] {
        pieces.map { piece in
            switch piece {
            case .content(let bytes): String(decoding: bytes, as: UTF8.self)
            case .fault: "fault"
            }
        }
    }

    private let two = Array("Content-Length: 2\r\n\r\n{}content-type: x\r\ncontent-length:3\r\n\r\n[1]".utf8)

    @Test("frames are found wherever the stream is cut")
    func cuts() {
        for cut in 0...two.count {
            var scanner = FrameScanner()
            let pieces = scanner.add(two[..<cut]) + scanner.add(two[cut...])
            #expect(content(pieces) == ["{}", "[1]"])
        }
    }

    @Test(
        "what is no header is told once and skipped up to the next one",
        arguments: [
            "Content-Length: many\r\n\r\n", "Content-Length: -1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody\r\n\r\n",
            String(repeating: "x", count: 30_000), "\r\n",
        ]
    )
    func resuming(_ noise: String) {
        var scanner = FrameScanner()
        let pieces = scanner.add(Array(noise.utf8) + two)
        #expect(content(pieces) == ["fault", "{}", "[1]"])
    }

    @Test(
        "what is wrong is said with the byte it begins at, counted from the start of the input",
        arguments: [
            (
                "GET / HTTP/1.1\r\n\r\n",
                "A message must begin with 'Content-Length: ' and a number; at byte 24, found 'GET / HTTP/1.1'"
            ),
            (
                "\u{1}\u{7F}x\n\n",
                "A message must begin with 'Content-Length: ' and a number; at byte 24, found '..x'"
            ),
            ("\n", "A message must begin with 'Content-Length: ' and a number; at byte 24"),
            (String(repeating: "x", count: 9000), "The header at byte 24 is longer than 8192 bytes"),
            (
                "Content-Length: 99999999\n\n",
                "The message at byte 24 has 99999999 bytes; at most \(FrameScanner.contentLimit) are read"
            ),
        ]
    )
    func places(_ noise: String, _ sentence: String) {
        var scanner = FrameScanner()
        let good = Array("Content-Length: 3\r\n\r\n{ }".utf8)
        #expect(scanner.add(good + Array(noise.utf8)) == [.content(Array("{ }".utf8)), .fault(sentence)])
    }

    @Test(
        "what is missing at the end is said with the bytes that came",
        arguments: [
            ("", nil),
            (
                "Content-Len",
                "The input ended at byte 35 within the header that begins at byte 24 with 'Content-Len'"
            ),
            (
                "Content-Length: 9\r\n\r\n{\"a\"",
                "The input ended at byte 49 within the message at byte 24: 4 of 9 bytes came"
            ),
        ]
    )
    func remainders(_ rest: String, _ sentence: String?) {
        var scanner = FrameScanner()
        _ = scanner.add(Array("Content-Length: 3\r\n\r\n{ }".utf8) + Array(rest.utf8))
        #expect(scanner.remainder == sentence)
    }

    @Test("a message that is too large is refused and skipped, however long it is")
    func tooLarge() {
        var scanner = FrameScanner()
        let size = FrameScanner.contentLimit + 1
        var pieces = scanner.add(Array("Content-Length: \(size)\r\n\r\n".utf8))
        let block = [UInt8](repeating: 0x78, count: 1 << 20)
        var left = size
        while left > 0 {
            let count = min(left, block.count)
            pieces += scanner.add(block[..<count])
            left -= count
        }
        pieces += scanner.add(two)
        #expect(content(pieces) == ["fault", "{}", "[1]"])
    }

    @Test(
        "messages that cannot be used say why, with the id when there is one",
        arguments: [
            ("{", -32700, nil), ("[]", -32600, nil), ("{\"id\":7}", -32600, RequestID.number(7)),
            ("\u{FF}", -32700, nil), ("{\"id\":\"a\",\"method\":3}", -32600, .text("a")),
        ]
    )
    func faults(_ text: String, _ code: Int, _ id: RequestID?) {
        #expect {
            _ = try RPCMessage(Array(text.utf8))
        } throws: { error in
            guard let fault = error as? RPCMessage.Fault else { return false }
            return fault.error.code == code && fault.id == id
        }
    }

    @Test("deeply nested JSON is refused, not recursed into")
    func nesting() {
        let text = String(repeating: "[", count: 200_000)
        #expect(throws: RPCMessage.Fault.self) { _ = try RPCMessage(Array(text.utf8)) }
    }
}

@Suite("Positions")
struct PositionTests {
    private let lines = TextLines("a\r\nb😀c\rä\n")

    @Test(
        "places count UTF-16 units, or bytes when that was agreed on",
        arguments: [
            (0, 1, 0, 1, 0), (1, 1, 1, 1, 4), (1, 3, 1, 5, 8), (1, 4, 1, 6, 9), (2, 1, 2, 2, 12),
        ]
    )
    func bothWays(_ line: Int, _ units: Int, _ sameLine: Int, _ bytes: Int, _ offset: Int) {
        let expected = offset == 0 ? 1 : offset
        #expect(lines.offset(of: Position(line: line, character: units), .utf16) == expected)
        #expect(lines.offset(of: Position(line: sameLine, character: bytes), .utf8) == expected)
        #expect(lines.position(of: expected, .utf16) == Position(line: line, character: units))
        #expect(lines.position(of: expected, .utf8) == Position(line: line, character: bytes))
    }

    @Test("places outside the text and inside a character are moved")
    func outside() {
        #expect(lines.offset(of: Position(line: 9, character: 0), .utf16) == lines.bytes.count)
        #expect(lines.offset(of: Position(line: 0, character: 99), .utf16) == 1)
        #expect(lines.offset(of: Position(line: 1, character: 2), .utf16) == 4)
        #expect(lines.offset(of: Position(line: 1, character: 3), .utf8) == 4)
    }

    @Test("edits replace what they say, in either encoding")
    func edits() {
        var document = OpenDocument(uri: "file:///a.yml", version: 1, text: "a😀b\nc")
        let range = TextRange(start: Position(line: 0, character: 3), end: Position(line: 1, character: 0))
        document.replace(range, with: "-", .utf16)
        #expect(document.text == "a😀-c")
        document.replace(nil, with: "whole", .utf16)
        #expect(document.text == "whole")
    }

    @Test("addresses become paths and paths addresses")
    func addresses() {
        #expect(FileURI.path("file:///a%20b/c%C3%A4.yml") == "/a b/cä.yml")
        #expect(FileURI.uri("/a b/cä.yml") == "file:///a%20b/c%C3%A4.yml")
        #expect(FileURI.path("untitled:Untitled-1") == nil)
        #expect(FileURI.path("file://host/a.yml") == nil)
    }
}
