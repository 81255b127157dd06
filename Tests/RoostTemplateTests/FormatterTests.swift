import Crypto
import Foundation
import RoostTesting
import Testing

@testable import RoostTemplate

@Suite("Layout of HCL")
struct FormatterTests {
    private static let files = Shared.files(Shared.images, ending: ".hcl")

    @Test("real templates are laid out as Packer does it", arguments: files)
    func corpus(_ path: String) throws {
        let folder = try #require(Shared.images)
        let laid = HCLFormatter.format(try Shared.bytes("\(folder)/\(path)"))
        let hash = SHA256.hash(data: Data(laid)).prefix(8).map { String(format: "%02x", $0) }.joined()
        #expect(try hash == recorded(path, folder))
        #expect(HCLFormatter.format(laid) == laid)
    }

    /// What the index of the corpus says Packer's result is.
    private func recorded(_ path: String, _ folder: String) throws -> String {
        let index = try String(contentsOfFile: "\(folder)/INDEX.tsv", encoding: .utf8)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let line = try #require(index.split(separator: "\n").first { $0.contains("/\(name)\t") })
        return try #require(line.components(separatedBy: "p166_fmt_sha256=").last).prefix(16).description
    }

    private static let hasPacker = (try? ShortCommand.run(["sh", "-c", "command -v packer"]).code) == 0

    @Test(
        "broken and odd texts are laid out as Packer does it",
        .enabled(if: hasPacker, "Packer is not installed")
    )
    func packer() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        for (place, text) in Self.odd.enumerated() {
            let path = "\(folder.path)/\(place).pkr.hcl"
            try Data(text.utf8).write(to: URL(filePath: path))
            let (code, output) = try ShortCommand.run([
                "env", "CHECKPOINT_DISABLE=1", "packer", "fmt", "-write=true", path,
            ])
            guard code == 0 else { continue }
            _ = output
            let laid = String(decoding: HCLFormatter.format(Array(text.utf8)), as: UTF8.self)
            #expect(try laid == String(contentsOfFile: path, encoding: .utf8), "\(text)")
        }
    }

    private static let odd = [
        "a=1\nbcd   =  2 # x\n\n e = [1,2 ,3]//y\n",
        "a = {\nb=1\n cd = [\n1,\n-2,a-b,- c,\n]\n}\n",
        "x \"y\" \"z\"{\na=f( b , c... )\nif = in [ 1 ]\n}\n",
        "s = \"a ${ b } %{ if c }d%{ endif }\"\nt = <<EOT\n  raw   text ${ x+1 }\n  EOT\nu = 1\n",
        "a = [for k , v in { a = 1 } : k=>v...if v>1]\n\tb = !c ?d:e\n/* x */ y = 1   \n   # lone\nz =   1 # c\nzz = 22 # d\n",
        "m = { \"${ {a=1} }\" = x[ 0 ] . y [ * ] . z }\nn = [[1 , 2] , [ 3 ]]\no = f(\n1,\n2\n)\n",
    ]

    @Test(
        "only blanks change",
        arguments: [
            ("a=1", "a = 1"), ("a = \"$ {x}\"", "a = \"$ {x}\""), ("a=-1- -b", "a = -1 - -b"), ("", ""),
            ("a {b=1}", "a { b = 1 }"), ("a {}", "a {}"), ("a   =  1\r\n", "a = 1\r\n"),
            ("é=1\nabc=2\n", "é   = 1\nabc = 2\n"),
        ]
    )
    func small(_ text: String, _ laid: String) {
        #expect(String(decoding: HCLFormatter.format(Array(text.utf8)), as: UTF8.self) == laid)
    }
}
