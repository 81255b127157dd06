import CRoostLinux
import Foundation
import RoostImages
import RoostLanguage
import RoostTemplate
import Synchronization

/// A machine that is this one: commands run here, and paths lie below a folder.
final class HostMachine: ImageMachine {
    let root: String
    /// Keys of steps that are there already.
    let known: Set<String>
    let keys = Mutex<[StepKey]>([])
    let isDiscarded = Mutex(false)

    init(root: String, known: Set<String> = []) {
        self.root = root
        self.known = known
    }

    var facts: [String: String] { ["ID": "machine-1", "Host": "there", "Password": "machine-secret"] }

    func run(_ command: MachineCommand, output: @escaping @Sendable (MachineOutput) -> Void) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command.line]
        process.environment = command.environment.merging(["PATH": "/usr/bin:/bin"]) { first, _ in first }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") { output(.output(String(line))) }
        return process.terminationStatus
    }

    func upload(_ source: FileSource, to path: String) async throws {
        switch source {
        case .file(let file): try FileManager.default.copyItem(atPath: file, toPath: path)
        case .folder(let folder, let contentsOnly):
            let name = (folder as NSString).lastPathComponent
            let target = contentsOnly ? path : "\(path)/\(name)"
            try FileManager.default.copyItem(atPath: folder, toPath: target)
        case .bytes(let bytes, let mode):
            try Data(bytes).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: Int(mode)], ofItemAtPath: path)
            roost_await_no_writers(path)
        }
    }

    func download(_ path: String, to folder: String) async throws {
        let name = (path as NSString).lastPathComponent
        try FileManager.default.copyItem(atPath: path, toPath: "\(folder)/\(name)")
    }

    func step(_ key: StepKey, _ body: () async throws -> Void) async throws -> StepOutcome {
        keys.withLock { $0.append(key) }
        if known.contains(key.digest) { return .reused }
        try await body()
        return .done
    }

    func finish() async throws -> ImageArtifact { ImageArtifact(builderID: "host", id: "1", text: "This machine") }

    func discard() async { isDiscarded.withLock { $0 = true } }
}

/// Gives one machine.
struct HostDriver: ImageBuilderDriver {
    let machine: HostMachine

    func start(_ target: ImageTarget, _ context: BuildContext) async throws -> any ImageMachine { machine }
}

/// Builds a template of HCL2 whose target has the type `null` on a machine of the test.
struct HostBuild {
    let machine: HostMachine
    let program: BuildProgram
    private let said = SaidLines()

    init(_ steps: String, files: [String: String] = [:], known: Set<String> = []) throws {
        let null = "source \"null\" \"m\" {\n  communicator = \"none\"\n}\n"
        let folder = "variable \"folder\" {\n  type = string\n}\n"
        let text = "\(folder)\(null)build {\n  sources = [\"null.m\"]\n\(steps)\n}\n"
        program = try BuildProgram(files.merging(["a.pkr.hcl": text]) { first, _ in first })
        machine = HostMachine(root: program.folder, known: known)
    }

    var lines: [String] { said.lines.withLock { $0 } }

    func run(_ options: ImageBuildOptions = ImageBuildOptions()) async throws -> ImageBuildResult? {
        let input = ImageTemplateInput(
            path: "\(program.folder)/a.pkr.hcl",
            arguments: [PackerInput.Argument(name: "folder", text: program.folder)],
            workingFolder: program.folder,
            now: Date()
        )
        let reading = ImageTemplate.read(input).reading
        guard !reading.diagnostics.hasErrors else {
            throw UnreadableTemplate(problems: reading.diagnostics.map(\.summary))
        }
        var components = ImageComponents.standard
        components.drivers["null"] = HostDriver(machine: machine)
        let runner = ImageBuildRunner(
            reading.plan,
            options: options,
            components: components,
            runID: "run-1",
            workingFolder: program.folder,
            templateFolder: program.folder,
            environment: ["PATH": "/usr/bin:/bin"],
            now: Date()
        )
        return await runner.run { said.add($0) }.first
    }
}

struct UnreadableTemplate: Error {
    let problems: [String]
}

/// What was said in a build.
final class SaidLines: Sendable {
    let lines = Mutex<[String]>([])

    func add(_ event: ImageBuildEvent) {
        guard case .message(let message, _) = event.kind else { return }
        switch message {
        case .step(let text): lines.withLock { $0.append("==> \(text)") }
        case .detail(let text): lines.withLock { $0.append(text) }
        case .error(let text): lines.withLock { $0.append("!! \(text)") }
        }
    }
}
