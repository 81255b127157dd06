import Foundation
import RoostModel
import RoostTesting
import Testing

@testable import RoostImages

@Suite("Lists of packages")
struct PackageListTests {
    private func lines(_ packages: [ImagePackage]) -> [String] {
        packages.map { "\($0.name) \($0.version) \($0.architecture) \($0.source ?? "-") \($0.license ?? "-")" }
    }

    @Test("the list of apk is read with sources and licences")
    func apk() {
        let text =
            "C:Q1x\nP:musl\nV:1.2.4-r2\nA:x86_64\nT:the libc: small\no:musl\nL:MIT\nF:lib\nR:ld.so\n\nP:busybox-binsh\nV:1.36.1-r5\no:busybox\n"
        #expect(
            lines(PackageLists.apk(text)) == ["musl 1.2.4-r2 x86_64 - MIT", "busybox-binsh 1.36.1-r5 noarch busybox -"]
        )
    }

    @Test("what rpm says is read with epochs; keys are no packages")
    func rpm() {
        let text =
            "bash\t0\t5.1.8-6.el9\tx86_64\tbash-5.1.8-6.el9.src.rpm\tGPLv3+\nopenssl-libs\t1\t3.0.7-24.el9\tx86_64\topenssl-3.0.7-24.el9.src.rpm\tASL 2.0\ngpg-pubkey\t0\t1-2\t(none)\t(none)\tpubkey\nbroken line\n"
        #expect(
            lines(PackageLists.rpm(text)) == [
                "bash 5.1.8-6.el9 x86_64 - GPLv3+", "openssl-libs 1:3.0.7-24.el9 x86_64 openssl ASL 2.0",
            ]
        )
    }

    @Test(
        "dpkg's own list gives what dpkg-query says is installed",
        .enabled(if: FileManager.default.fileExists(atPath: "/var/lib/dpkg/status"))
    )
    func dpkg() throws {
        let own = PackageLists.dpkg(try String(contentsOfFile: "/var/lib/dpkg/status", encoding: .utf8))
        let (code, output) = try ShortCommand.run([
            "dpkg-query", "-W", "-f", #"${db:Status-Status} ${Package} ${Version} ${Architecture} ${source:Package}\n"#,
        ])
        try #require(code == 0)
        let theirs = String(decoding: output, as: UTF8.self).split(separator: "\n").compactMap { line -> String? in
            let parts = line.split(separator: " ").map(String.init)
            return parts[0] == "installed" ? parts.dropFirst().joined(separator: " ") : nil
        }
        #expect(
            own.map { "\($0.name) \($0.version) \($0.architecture) \($0.source ?? $0.name)" }.sorted()
                == theirs.sorted()
        )
        #expect(own.count > 20)
    }
}
