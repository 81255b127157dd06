import Foundation
import Testing

@testable import RoostAgent

@Suite("Masking of secrets")
struct MaskingTests {
    /// A secret with everything that encodings change.
    static let secret = #"p@ss/w'rd "x\y" <&>+é=%tail"#

    static func masked(_ masker: SecretMasker, _ text: [UInt8], chunk: Int) -> String {
        var stream = MaskedStream(masker)
        var out: [UInt8] = []
        var start = 0
        while start < text.count {
            let end = min(text.count, start + chunk)
            text[start..<end].withUnsafeBytes { stream.process($0) { out.append(contentsOf: $0) } }
            start = end
        }
        stream.flush { out.append(contentsOf: $0) }
        return String(decoding: out, as: UTF8.self)
    }

    @Test("each encoding of a secret is hidden wherever chunks are cut")
    func encodings() {
        let masker = SecretMasker()
        #expect(masker.add(Self.secret, name: "s") == nil)
        for pattern in SecretEncodings.patterns(of: Self.secret) {
            let text = Array("before:".utf8) + pattern + Array(":after".utf8)
            for chunk in [1, 2, 3, 5, 7, 11, 64] {
                let shown = Self.masked(masker, text, chunk: chunk)
                #expect(
                    shown == "before:***:after",
                    "\(String(decoding: pattern, as: UTF8.self)) in chunks of \(chunk)"
                )
            }
        }
    }

    /// A form of the secret, made by another program.
    private struct Form: Decodable {
        var name: String
        var text: String
        /// The part that nothing but the secret decides.
        var core: String
    }

    private static func forms() throws -> [Form] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Clients/encodings.py").path
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", script, secret]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode([Form].self, from: bytes)
    }

    /// More characters of a form than this would give the secret away.
    private static let telling = 5

    private static func shows(_ shown: String, _ form: Form) -> Bool {
        let core = Array(form.core)
        guard core.count > telling else { return shown.contains(form.core) }
        return (0...(core.count - telling - 1)).contains { shown.contains(String(core[$0...($0 + telling)])) }
    }

    @Test("forty forms that other programs make are hidden at every border of blocks, on two streams at once")
    func foreignForms() throws {
        let forms = try Self.forms()
        #expect(forms.count >= 40)
        let masker = SecretMasker()
        masker.add(Self.secret, name: "s")
        for form in forms {
            let text = Array("<\(form.text)>\n".utf8)
            for chunk in 1...text.count {
                // Two processes of a step write at once; each of their streams is cut elsewhere.
                var streams = [MaskedStream(masker), MaskedStream(masker)]
                var shown: [[UInt8]] = [[], []]
                var places = [0, 0]
                while places != [text.count, text.count] {
                    for (side, size) in [chunk, max(1, text.count - chunk)].enumerated() {
                        let end = min(text.count, places[side] + size)
                        text[places[side]..<end].withUnsafeBytes { bytes in
                            streams[side].process(bytes) { shown[side].append(contentsOf: $0) }
                        }
                        places[side] = end
                    }
                }
                for side in 0...1 {
                    streams[side].flush { shown[side].append(contentsOf: $0) }
                    let line = String(decoding: shown[side], as: UTF8.self)
                    #expect(
                        line.contains("***") && !Self.shows(line, form),
                        "\(form.name), cut after \(chunk): \(line)"
                    )
                }
            }
        }
    }

    @Test("the encodings are those that tools write")
    func knownForms() {
        let patterns = Set(SecretEncodings.patterns(of: Self.secret).map { String(decoding: $0, as: UTF8.self) })
        #expect(patterns.count >= 25)
        let expected = [
            #"p@ss/w'rd \"x\\y\" <&>+é=%tail"#,
            #"p@ss/w'rd \"x\\y\" <&>+\u00e9=%tail"#,
            #"p@ss/w\u0027rd \u0022x\\y\u0022 \u003C\u0026\u003E\u002B\u00E9=%tail"#,
            "p%40ss%2Fw%27rd%20%22x%5Cy%22%20%3C%26%3E%2B%C3%A9%3D%25tail",
            "p%40ss%2fw%27rd%20%22x%5cy%22%20%3c%26%3e%2b%c3%a9%3d%25tail",
            "p@ss/w'rd &quot;x\\y&quot; &lt;&amp;&gt;+é=%tail".replacing("'", with: "&apos;"),
            #"p@ss/w'\''rd "x\y" <&>+é=%tail"#,
            "cEBzcy93J3JkICJ4XHkiIDwmPivDqT0ldGFpbA==",
        ]
        for form in expected { #expect(patterns.contains(form), "\(form)") }
    }

    @Test("base64 of a secret inside of something longer is hidden at each alignment", arguments: 0..<6)
    func base64Alignment(before: Int) {
        let masker = SecretMasker()
        masker.add("correct horse battery", name: "s")
        let text = Array(repeating: UInt8(ascii: "u"), count: before) + Array("correct horse battery:more".utf8)
        let shown = masker.mask(String(decoding: Base64Alphabet.standard.encode(text), as: UTF8.self))
        #expect(shown.contains("***"))
        #expect(!shown.contains("3JyZWN0IGhvcn") && !shown.contains("b3JzZSBiYXR0") && !shown.contains("IGJhdHRlcn"))
    }

    @Test("random texts are masked the same however they are cut")
    func chunksDoNotMatter() {
        var random = SplitMix(seed: 7)
        for _ in 0..<300 {
            let masker = SecretMasker()
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                masker.add(Self.word(&random, 3...9), name: "s")
            }
            let text = Array(Self.word(&random, 0...120).utf8)
            let whole = Self.masked(masker, text, chunk: 1 << 20)
            for chunk in [1, 2, 3, 7] { #expect(Self.masked(masker, text, chunk: chunk) == whole) }
            #expect(whole == Self.naive(masker, text))
        }
    }

    /// Few letters, so that secrets overlap and begin in each other.
    static func word(_ random: inout SplitMix, _ length: ClosedRange<Int>) -> String {
        String((0..<Int.random(in: length, using: &random)).map { _ in "abc".randomElement(using: &random) ?? "a" })
    }

    /// What masking means, without any cleverness.
    static func naive(_ masker: SecretMasker, _ text: [UInt8]) -> String {
        guard let table = masker.table(newerThan: 0)?.table else { return String(decoding: text, as: UTF8.self) }
        let patterns = (0..<table.count).map { Array(table.bytes[Int(table.bounds[$0])..<Int(table.bounds[$0 + 1])]) }
        var hidden = [Int?](repeating: nil, count: text.count + 1)
        for place in text.indices {
            for pattern in patterns where text[place...].starts(with: pattern) {
                hidden[place] = max(hidden[place] ?? 0, place + pattern.count)
            }
        }
        var out: [UInt8] = []
        var end = -1
        for place in text.indices {
            if let reach = hidden[place] {
                if place > end { out += Array("***".utf8) }
                end = max(end, reach)
            }
            if place >= end { out.append(text[place]) }
        }
        return String(decoding: out, as: UTF8.self)
    }

    @Test("overlapping and touching secrets become one replacement, the longest wins")
    func overlaps() {
        let masker = SecretMasker()
        for value in ["abcdef", "defghi", "abc", "xyz"] { masker.add(value, name: "s") }
        #expect(masker.mask("1abcdefghi2") == "1***2")
        #expect(masker.mask("xyzxyz abcabcdef") == "*** ***")
        #expect(masker.mask("abxcdef") == "abxcdef")
    }

    @Test("a secret that is added in the middle of a stream is hidden from there on")
    func addedLater() {
        let masker = SecretMasker()
        var stream = MaskedStream(masker)
        var out: [UInt8] = []
        let feed: (String, inout MaskedStream) -> Void = { text, stream in
            Array(text.utf8).withUnsafeBytes { stream.process($0) { out.append(contentsOf: $0) } }
        }
        feed("hush-hush ", &stream)
        masker.add("hush-hush", name: "s")
        feed("hush-hush", &stream)
        stream.flush { out.append(contentsOf: $0) }
        #expect(String(decoding: out, as: UTF8.self) == "hush-hush ***")
    }

    @Test("lines of a secret with several lines are hidden each by itself, its brackets stay readable")
    func multiline() {
        let masker = SecretMasker()
        masker.add("{\n  \"key\": \"alpha-beta\"\n}\n", name: "s")
        #expect(masker.mask("see \"key\": \"alpha-beta\" }") == "see *** }")
        #expect(masker.mask("{ 1 }") == "{ 1 }")
    }

    @Test(
        "what would ruin the log is refused with advice",
        arguments: [
            ("x", "secret.too-short"), ("ab", "secret.too-short"), ("  \n", "secret.blank"),
            ("True", "secret.common-word"),
        ]
    )
    func refused(value: String, code: String) {
        let masker = SecretMasker()
        let refusal = masker.add(value, name: "token")
        #expect(refusal?.code == code)
        #expect(refusal?.advice?.isEmpty == false)
        #expect(masker.mask("axab true True") == "axab true True")
    }

    @Test("what is held back stays small, however long the secret is")
    func boundedHold() {
        let masker = SecretMasker()
        let long = String(repeating: "q", count: 200_000)
        masker.add(long, name: "s")
        var stream = MaskedStream(masker)
        var out: [UInt8] = []
        Array(long.utf8.dropLast()).withUnsafeBytes { stream.process($0) { out.append(contentsOf: $0) } }
        #expect(stream.heldCount < 2 * SecretEncodings.pieceLength)
        stream.flush { out.append(contentsOf: $0) }
        #expect(out.count < 2 * SecretEncodings.pieceLength)
    }
}

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
