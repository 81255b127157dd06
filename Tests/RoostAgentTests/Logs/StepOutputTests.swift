import Testing

@testable import RoostAgent

@Suite("Output of a step on its way to the log")
struct StepOutputTests {
    /// Feeds bytes in chunks and gives the lines of the log.
    static func lines(
        _ bytes: [UInt8],
        chunk: Int,
        masker: SecretMasker = SecretMasker(),
        command: @escaping @Sendable (String) -> LineVerdict = { _ in .show }
    ) -> [String] {
        let sink = MemorySink()
        let output = StepOutput(masker: masker, sink: sink) { line, _ in command(line) }
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + chunk)
            bytes[start..<end].withUnsafeBytes(output.receive)
            if start % 3 == 0 { output.pause() }
            start = end
        }
        output.finish()
        #expect(sink.isFinished.value)
        return sink.lines
    }

    @Test("lines end with LF, CR LF or CR, wherever chunks are cut", arguments: [1, 2, 3, 4, 100])
    func lineEnds(chunk: Int) {
        let text = Array("one\ntwo\r\nthree\rfour\n\nsix\r\n\r\nlast".utf8)
        #expect(Self.lines(text, chunk: chunk) == ["one", "two", "three", "four", "", "six", "", "last"])
    }

    @Test("each line begins with a timestamp of 29 bytes")
    func timestamps() {
        let sink = MemorySink()
        let output = StepOutput(masker: SecretMasker(), sink: sink) { _, _ in .show }
        output.writeLine("hello")
        output.finish()
        #expect(sink.text.count == 29 + 6)
        #expect(sink.text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z hello\n/) != nil)
        #expect(
            String(decoding: LogTimestamp.text(seconds: 1_795_478_400, nanoseconds: 1_200), as: UTF8.self)
                == "2026-11-24T00:00:00.0000012Z "
        )
        #expect(
            String(decoding: LogTimestamp.text(seconds: 951_782_399, nanoseconds: 0), as: UTF8.self)
                == "2000-02-28T23:59:59.0000000Z "
        )
    }

    @Test("invalid UTF-8 is replaced and valid UTF-8 is not harmed by cuts", arguments: [1, 2, 5, 100])
    func invalidText(chunk: Int) {
        let text = Array("ä€😀 ok\n".utf8) + [0xFF, 0x41, 0xC3, 0x0A]
        #expect(Self.lines(text, chunk: chunk) == ["ä€😀 ok", "\u{FFFD}A\u{FFFD}"])
    }

    @Test("a line of several megabytes is one line and complete")
    func longLine() {
        let line = String(repeating: "0123456789ä", count: 300_000)
        let lines = Self.lines(Array("\(line)\nnext\n".utf8), chunk: 65_536)
        #expect(lines.count == 2)
        #expect(lines.first == line)
        #expect(lines.last == "next")
    }

    @Test("a secret in a line that is passed on in pieces is hidden at each cut")
    func secretInLongLine() {
        let masker = SecretMasker()
        masker.add("topsecretvalue", name: "s")
        for shift in 0..<20 {
            let text = String(repeating: "x", count: StepOutput.longestHeldLine - shift) + "topsecretvalue" + "end\n"
            let shown = Self.lines(Array(text.utf8), chunk: 4_096, masker: masker)
            #expect(shown.count == 1)
            #expect(shown[0].hasSuffix("x***end"))
        }
    }

    @Test("command lines are taken out in order and see the raw text", arguments: [1, 7, 1000])
    func commands(chunk: Int) {
        let masker = SecretMasker()
        masker.add("swordfish", name: "s")
        let seen = Watched<[String]>([])
        let text =
            "a swordfish\nx ##vso[task.setsecret]swordfish2\nswordfish2 b\r\n##vso[bad\n##vso[task.debug]z\r\nlast"
        let lines = Self.lines(Array(text.utf8), chunk: chunk, masker: masker) { line in
            seen.change { $0.append(line) }
            if line.contains("setsecret") { masker.add("swordfish2", name: "t") }
            if line.contains("bad") { return .replace(["##[warning]bad", line]) }
            return .replace([])
        }
        #expect(seen.value == ["x ##vso[task.setsecret]swordfish2", "##vso[bad", "##vso[task.debug]z"])
        #expect(lines == ["a ***", "*** b", "##[warning]bad", "##vso[bad", "last"])
    }

    @Test("passwords in addresses are hidden")
    func urlPasswords() {
        let lines = Self.lines(
            Array("clone https://me:t0ken@host/x and http://host:80/a@b and ssh://git@host:22/\n".utf8),
            chunk: 1000
        )
        #expect(lines == ["clone https://me:***@host/x and http://host:80/a@b and ssh://git@host:22/"])
    }
}
