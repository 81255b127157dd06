import Dispatch
import FoundationEssentials
import Glibc
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("How an agent's key is kept")
struct KeyKeepingTests {
    private static func keeper(_ folder: String, _ environment: [String: String] = [:]) -> KeyKeeper {
        KeyKeeper(files: AgentFiles(root: AgentRoot(folder)), environment: environment)
    }

    /// What stands in the file of a key that is not protected.
    private static func secret(of key: AgentKey) throws -> String {
        let members = try JSONDecoder().decode([String: String].self, from: key.fileContent)
        return try #require(members["d"])
    }

    private static func expectNoKey(in folder: String, _ key: AgentKey) throws {
        let secret = try secret(of: key)
        for name in FileTree.names(in: folder) {
            #expect(SmallFile.read("\(folder)/\(name)")?.contains(secret) != true, "\(name)")
        }
    }

    private static func same(_ one: AgentKey, _ other: AgentKey) throws -> Bool {
        try secret(of: one) == secret(of: other)
    }

    private static let canSeal = geteuid() == 0 && (try? SystemdCredential(path: nil)) != nil

    @Test("sealed by systemd, no file holds it; another machine's or a damaged seal is refused", .enabled(if: canSeal))
    func sealed() async throws {
        try await ScratchFolder.with { folder in
            let keeper = Self.keeper(folder)
            let key = try AgentKey.generate()
            guard case .sealed = try await keeper.keep(key, .systemd) else {
                Issue.record("it is not sealed")
                return
            }
            try Self.expectNoKey(in: folder, key)
            #expect(FileTree.names(in: folder) == [".credentials_sealed"])
            var status = stat()
            #expect(stat("\(folder)/.credentials_sealed", &status) == 0 && status.st_mode & 0o777 == 0o600)
            #expect(try Self.same(await keeper.key(), key))
            #expect(keeper.present == .systemd)
            _ = SmallFile.write("bm8gc2VhbCBvZiB0aGlzIG1hY2hpbmU=\n", to: "\(folder)/.credentials_sealed")
            let failure = await #expect(throws: ConfigurationFailure.self) { _ = try await keeper.key() }
            #expect(failure?.code == "configure.key" && failure?.advice?.contains("reauth") == true)
            _ = try await keeper.keep(key, .file)
            #expect(FileTree.names(in: folder) == [".credentials_rsaparams"])
        }
    }

    private static let hasKeyring: Bool = {
        let name = "roost-test:\(UUID().uuidString)"
        guard (try? KernelKeyring.store(Data("x".utf8), as: name)) != nil else { return false }
        KernelKeyring.drop(name)
        return true
    }()

    @Test(
        "in the kernel's keyring, no file holds it, and deleting the configuration drops it",
        .enabled(if: hasKeyring)
    )
    func keyring() async throws {
        try await ScratchFolder.with { folder in
            let keeper = Self.keeper(folder)
            let key = try AgentKey.generate()
            #expect(try await keeper.keep(key, .keyring) == .keyring)
            try Self.expectNoKey(in: folder, key)
            #expect(try Self.same(await keeper.key(), key))
            let name = try #require(keeper.files.keyring)
            keeper.files.deleteConfiguration()
            #expect(throws: KeyFault.self) { _ = try KernelKeyring.read(name) }
            #expect(FileTree.names(in: folder) == [])
        }
    }

    @Test("where nothing better is to be had a file holds it, and the person is told why")
    func file() async throws {
        try await ScratchFolder.with { folder in
            let keeper = Self.keeper(folder)
            let key = try AgentKey.generate()
            #expect(try await keeper.keep(key, .file) == .file(because: nil))
            #expect(try Self.same(await keeper.key(), key))
            #expect(KeyPlace.file(because: "it is so").sentence.hasSuffix("by the mode of its file alone: it is so."))
            try await ScriptedServer.with { server in
                let console = ScriptedConsole()
                let home = "\(folder)/agent"
                _ = FileTree.make(home)
                var values = AgentSetupTests.values(server)
                values["keyprotection"] = "FILE"
                try await AgentSetupTests.setup(home, values, console: console).configure()
                #expect(console.text.contains("protected by the mode of its file alone."))
                values["keyprotection"] = "vault"
                let wrong = AgentSetupTests.setup("\(folder)/other", values)
                let failure = await #expect(throws: ConfigurationFailure.self) { try await wrong.configure() }
                #expect(failure == .keyProtectionKind("vault"))
            }
        }
    }

    @Test("a key that systemd hands to a service is used")
    func handedOver() async throws {
        try await ScratchFolder.with { folder in
            let key = try AgentKey.generate()
            _ = SmallFile.write(String(decoding: try key.fileContent, as: UTF8.self), to: "\(folder)/roost-agent-key")
            let found = try await Self.keeper(folder, ["CREDENTIALS_DIRECTORY": folder]).key()
            #expect(try Self.same(found, key))
        }
    }
}

@Suite("A registration that fails half way")
struct HalfWayTests {
    @Test("is taken back with the agent's own key, which the credential may not do, and leaves no file")
    func takenBack() async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                // The file that is written after the registration cannot be written here.
                _ = FileTree.make("\(folder)/.certificates/x")
                var values = AgentSetupTests.values(server)
                values["sslskipcertvalidation"] = "true"
                let setup = AgentSetupTests.setup(folder, values)
                let failure = await #expect(throws: ConfigurationFailure.self) { try await setup.configure() }
                #expect(failure?.code == "configure.not-writable")
                #expect(server.state.value.agents.isEmpty)
                let calls = server.state.value.calls
                let gone = try #require(calls.lastIndex(of: "DELETE _apis/distributedtask/pools/1/agents/7"))
                #expect(calls[..<gone].contains("POST _apis/oauth2/token/host"))
                #expect(FileTree.names(in: folder) == [])
            }
        }
    }

    /// Holds the question for the work folder, which comes after the registration, until it is let go.
    private final class HoldingConsole: AgentConsole {
        let isAsked = Watched(false)
        let hold = DispatchSemaphore(value: 0)

        func say(_ line: String) {}
        func complain(_ line: String) {}
        func secretLine() -> String? { nil }

        func ask(_ question: String, isSecret: Bool) -> String? {
            guard question.hasPrefix("Enter work folder") else { return "" }
            isAsked.change { $0 = true }
            hold.wait()
            return nil
        }
    }

    @Test("an interruption takes the registration back while a question is still open")
    func interrupted() async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                let console = HoldingConsole()
                var values = AgentSetupTests.values(server)
                values["unattended"] = nil
                let setup = AgentSetup(
                    root: AgentRoot(folder),
                    inputs: AgentInputs(AgentCommandLine(verb: .configure, values: values), variables: [:]),
                    console: console,
                    environment: ["PATH": "/nowhere"]
                )
                let task = Task { try await setup.configure() }
                await console.isAsked.wait { $0 }
                #expect(server.state.value.agents.count == 1)
                await setup.undo()
                #expect(server.state.value.agents.isEmpty)
                #expect(FileTree.names(in: folder) == [])
                console.hold.signal()
                guard case .failure(let error) = await task.result else {
                    Issue.record("it went on")
                    return
                }
                #expect(error as? ConfigurationFailure == .inputEnded)
            }
        }
    }
}
