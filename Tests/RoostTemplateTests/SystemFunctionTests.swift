import Foundation
import RoostTesting
import Testing

@testable import RoostTemplate

@Suite("Functions that look at files and the clock")
struct SystemFunctionTests {
    private func answer(_ expression: String, in folder: String) -> String {
        let system = HCLSystem(folder: folder, now: Date(timeIntervalSince1970: 1_600_000_000)) {
            [UInt8](repeating: 7, count: $0)
        }
        return evaluated(expression, in: HCLScope(functions: HCLFunctions.all(on: system)))
    }

    @Test("files are found beside the template")
    func files() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        for (name, text) in [
            ("a.txt", "hello"), ("b.tpl", "${upper(name)}%{ for x in list } ${x}%{ endfor }"),
            ("loop.tpl", "${templatefile(\"loop.tpl\", {})}"),
        ] {
            try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name)"))
        }
        try FileManager.default.createDirectory(atPath: "\(folder.path)/sub", withIntermediateDirectories: true)
        try Data([0xFF]).write(to: URL(filePath: "\(folder.path)/sub/c.txt"))
        let path = folder.path
        #expect(answer("file(\"a.txt\")", in: path) == "\"hello\"")
        #expect(answer("filebase64(\"sub/c.txt\")", in: path) == "\"/w==\"")
        #expect(answer("[fileexists(\"a.txt\"), fileexists(\"none\")]", in: path) == "[true,false]")
        #expect(answer("fileset(\".\", \"**/*.{txt,md}\")", in: path) == "[\"a.txt\",\"sub/c.txt\"]")
        #expect(answer("fileset(\".\", \"*.t?t\")", in: path) == "[\"a.txt\"]")
        #expect(answer("templatefile(\"b.tpl\", { name = \"n\", list = [1, 2] })", in: path) == "\"N 1 2\"")
        #expect(answer("file(\"none\")", in: path) == "1:7-1:11 Invalid function argument")
        #expect(answer("file(\"sub/c.txt\")", in: path) == "1:7-1:16 Invalid function argument")
        #expect(answer("fileexists(\"sub\")", in: path) == "1:13-1:16 Invalid function argument")
        #expect(answer("templatefile(\"loop.tpl\", {})", in: path) == "1:15-1:23 Invalid function argument")
        #expect(answer("templatefile(\"b.tpl\", { name = \"n\" })", in: path) == "1:15-1:20 Invalid function argument")
    }

    @Test(
        "the clock stands still",
        arguments: [
            ("timestamp()", "2020-09-13T12:26:40Z"), ("legacy_isotime()", "2020-09-13T12:26:40Z"),
            (
                "legacy_isotime(\"2006-01-02 Mon Jan _2 15:04:05 03PM MST -0700 Z07:00 .000 06 1\")",
                "2020-09-13 Sun Sep 13 12:26:40 12PM UTC +0000 Z .000 20 9"
            ),
            (
                "legacy_strftime(\"%Y%m%d-%H%M%S %j %a %b %e %p %s %%\")",
                "20200913-122640 257 Sun Sep 13 PM 1600000000 %"
            ),
            ("uuidv4()", "07070707-0707-4707-8707-070707070707"),
            ("formatdate(\"DD MMM YYYY\", timestamp())", "13 Sep 2020"),
            ("timeadd(timestamp(), \"-36h\")", "2020-09-12T00:26:40Z"),
        ]
    )
    func clock(_ expression: String, _ expected: String) { #expect(answer(expression, in: "/") == "\"\(expected)\"") }

    @Test("what base64gzip packs, gzip unpacks")
    func gzip() throws {
        let packed = answer("base64gzip(\"héllo\")", in: "/").trimmingCharacters(in: ["\""])
        let data = try #require(Data(base64Encoded: packed))
        #expect(try ShortCommand.run(["gzip", "-dc"], input: data).output == Data("héllo".utf8))
    }

    @Test("what a public key encrypts, rsadecrypt reads")
    func rsa() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let script =
            "openssl genrsa -traditional -out k 2048 2>/dev/null && openssl rsa -in k -pubout -out p 2>/dev/null && printf secret | openssl pkeyutl -encrypt -pubin -inkey p | base64 -w0 > c"
        #expect(try ShortCommand.run(["sh", "-c", script], in: folder.path).code == 0)
        #expect(answer("rsadecrypt(file(\"c\"), file(\"k\"))", in: folder.path) == "\"secret\"")
        #expect(answer("can(rsadecrypt(\"YQ==\", file(\"k\")))", in: folder.path) == "false")
    }
}
