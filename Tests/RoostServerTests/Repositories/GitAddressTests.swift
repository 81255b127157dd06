import NIOCore
import Testing

@testable import RoostServer

@Suite("Addresses of submodules")
struct GitAddressTests {
    @Test(
        "are relative to the parent's as git has it",
        arguments: [
            ("../lib.git", "https://git.example.org/team/app.git", "https://git.example.org/team/lib.git"),
            ("../../other/lib.git", "https://git.example.org/team/app.git", "https://git.example.org/other/lib.git"),
            ("./lib", "https://git.example.org/team/app/", "https://git.example.org/team/app/lib"),
            ("../lib.git", "git@git.example.org:team/app.git", "git@git.example.org:team/lib.git"),
            ("../../other/lib.git", "git@git.example.org:team/app.git", "git@git.example.org:other/lib.git"),
            ("https://else.example.org/x.git", "git@git.example.org:app.git", "https://else.example.org/x.git"),
            ("/srv/git/x.git", "https://git.example.org/a.git", "/srv/git/x.git"),
        ]
    )
    func resolve(address: String, parent: String, whole: String) {
        #expect(GitAddress.resolve(address, below: parent) == whole)
    }

    @Test("the head of a CGI answer is taken off however it is cut, and a failure is one")
    func head() throws {
        for size in 1...40 {
            var head = CGIHead()
            var rest = ""
            let text = Array("Expires: never\r\nContent-Type: x\r\n\r\nPACK\r\n\r\n".utf8)
            for start in stride(from: 0, to: text.count, by: size) {
                var piece = ByteBuffer(bytes: text[start..<min(start + size, text.count)])
                if !head.isOver { try head.take(&piece) }
                rest += String(buffer: piece)
            }
            #expect(head.isOver && rest == "PACK\r\n\r\n")
        }
        var head = CGIHead()
        var refusal = ByteBuffer(string: "Status: 403 Forbidden\r\n\r\n")
        #expect(throws: GitReadError.self) { try head.take(&refusal) }
    }
}
