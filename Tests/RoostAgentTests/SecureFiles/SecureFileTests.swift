import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("Tasks of secure files")
struct SecureFileTests {
    @Test("a secure file is there for the steps, for this user only, and gone after the job")
    func download() async throws {
        try await JobBench.with { bench in
            let source = "\(bench.folder)/source"
            try Data("content\n".utf8).write(to: URL(fileURLWithPath: source))
            let file = JobSecureFile(id: UUID().uuidString, name: "key.pem", ticket: "")
            bench.secureFiles = [file]
            bench.host = FolderTaskHost(tasks: [], files: [file.id: source])
            let read = bench.script("stat -c '%a %n' '$(get.secureFilePath)'; cat '$(get.secureFilePath)'")
            let step = bench.add(DownloadSecureFileTask.reference, ["secureFile": "KEY.pem"], name: "get")
            #expect(try await bench.run().result == .succeeded)
            let lines = bench.lines(read)
            #expect(lines.contains("content"))
            let place = lines.first { $0.hasPrefix("600 ") && $0.hasSuffix("/key.pem") }
            #expect(place.map { FileManager.default.fileExists(atPath: String($0.dropFirst(4))) } == false)
            #expect(bench.lines(JobRecords.postRecord(of: step)).contains("The secure file was deleted."))
        }
    }

    @Test("a file that the job may not read is refused")
    func unknown() async throws {
        try await JobBench.with { bench in
            bench.host = FolderTaskHost(tasks: [])
            let step = bench.add(DownloadSecureFileTask.reference, ["secureFile": "key.pem"])
            let outcome = try await bench.run()
            #expect(outcome.result == .failed)
            let message = bench.issues(JobRecords.preRecord(of: step)).first?.message ?? ""
            #expect(message.contains("'key.pem'") && message.contains("secure file that this run may read"))
        }
    }

    @Test(
        "a key is in an agent of the job, with and without a passphrase, and nothing of it stays",
        arguments: ["", "open sesame 1"]
    )
    func key(_ passphrase: String) async throws {
        guard ExecutableSearch.find("ssh-keygen", path: nil) != nil else { return }
        try await JobBench.with { bench in
            let source = "\(bench.folder)/id"
            let keygen = Process()
            keygen.executableURL = URL(fileURLWithPath: "/usr/bin/ssh-keygen")
            keygen.arguments = ["-q", "-t", "ed25519", "-N", passphrase, "-C", "roost-test", "-f", source]
            try keygen.run()
            keygen.waitUntilExit()
            try FileManager.default.createDirectory(atPath: "\(bench.folder)/.ssh", withIntermediateDirectories: true)
            let known = "\(bench.folder)/.ssh/known_hosts"
            try Data("old.example ssh-ed25519 AAAA".utf8).write(to: URL(fileURLWithPath: known))
            let file = JobSecureFile(id: UUID().uuidString, name: "deploy", ticket: "")
            bench.secureFiles = [file]
            bench.host = FolderTaskHost(tasks: [], files: [file.id: source])
            let step = bench.add(
                InstallSSHKeyTask.reference,
                [
                    "knownHostsEntry": "git.example ssh-ed25519 BBBB", "sshKeySecureFile": "deploy",
                    "sshPassphrase": passphrase, "addEntryToConfig": "true", "configHostAlias": "git",
                    "configHostname": "git.example", "configUser": "me",
                ]
            )
            let use = bench.script(
                "ssh-add -L; cat ~/.ssh/known_hosts ~/.ssh/config; echo \"agent $SSH_AGENT_PID\""
            )
            #expect(try await bench.run().result == .succeeded)
            let lines = bench.lines(use)
            #expect(lines.contains { $0.hasPrefix("ssh-ed25519 ") && $0.hasSuffix(" roost-test") }, "\(lines)")
            for line in ["old.example ssh-ed25519 AAAA", "git.example ssh-ed25519 BBBB", "Host git", "  User me"] {
                #expect(lines.contains(line), "\(line)")
            }
            let pid = lines.first { $0.hasPrefix("agent ") }.flatMap { Int32($0.dropFirst(6)) } ?? 0
            #expect(pid > 1)
            // Gone, or ended and not yet taken note of by the process that adopted it.
            let state = ProcFile.read("/proc/\(pid)/stat", limit: 1024).map { String(decoding: $0, as: UTF8.self) }
            #expect(state?.contains("(ssh-agent) Z ") ?? true, "\(state ?? "")")
            let left = FileManager.default.contents(atPath: known).map { String(decoding: $0, as: UTF8.self) }
            #expect(left == "old.example ssh-ed25519 AAAA")
            #expect(!FileManager.default.fileExists(atPath: "\(bench.folder)/.ssh/config"))
            let all = bench.lines(JobRecords.preRecord(of: step)) + lines
            #expect(passphrase.isEmpty || !all.contains { $0.contains(passphrase) })
        }
    }
}
