import Foundation
import RoostModel
import RoostTemplate
import RoostTesting
import Synchronization

@testable import RoostImages

/// A place where root file systems are built out of a base of a few files with a static busybox.
struct RootfsGround: Sendable {
    /// Why nothing can be built here; nil when it can.
    static let obstacle: String? = {
        guard BusyboxTree.program != nil else { return "needs Debian's package busybox-static" }
        do {
            try Sandbox.make(SandboxPlan(folder: "/", seesMachine: true)).end()
            return nil
        } catch { return "\(error)" }
    }()

    let path: String
    var base: String { "\(path)/base" }
    var cache: String { "\(path)/cache" }

    /// Makes one for a test, and removes it.
    static func with(_ body: (RootfsGround) async throws -> Void) async throws {
        let ground = RootfsGround(path: try ScratchFolder().path)
        try BusyboxTree.make(ground.base)
        var problem: (any Error)?
        do { try await body(ground) } catch { problem = error }
        // What was made in a sandbox may belong to others.
        try await MachineTool("rm", ["-rf", "--", ground.path]).run(in: "/")
        if let problem { throw problem }
    }

    func write(_ text: String, to name: String, mode: Int = 0o644) throws {
        let file = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }

    /// Begins a build.
    func start(
        _ output: String = "image.tar",
        _ options: [String: SettingValue] = [:],
        usesCache: Bool = true,
        isForced: Bool = false
    ) async throws -> any ImageMachine {
        var settings = ImageSettings()
        settings.set("base", SettingValue(.text(base)))
        settings.set(output.hasSuffix("/") ? "output_directory" : "output", SettingValue(.text(output)))
        for (name, value) in options { settings.set(name, value) }
        let target = ImageTarget(name: "roost-rootfs.test", type: RootfsDriver.type, settings: settings)
        let context = BuildContext(
            runID: "test",
            workingFolder: path,
            environment: [:],
            isForced: isForced,
            now: .now,
            say: { _ in }
        )
        return try await RootfsDriver(cacheFolder: cache, usesCache: usesCache).start(target, context)
    }

    /// Builds with these command lines as steps; which of them ran, by their numbers from one.
    func build(
        _ lines: [String],
        output: String = "image.tar",
        usesCache: Bool = true
    ) async throws -> (ran: [Int], artifact: ImageArtifact?) {
        let machine = try await start(output, usesCache: usesCache, isForced: true)
        var ran: [Int] = []
        var artifact: ImageArtifact?
        do {
            for (index, line) in lines.enumerated() {
                let outcome = try await machine.step(StepKey("step \(index + 1)", parts: [Array(line.utf8)])) {
                    ran.append(index + 1)
                    guard try await machine.said(line).code == 0 else { throw Broken() }
                }
                if outcome == .reused, ran.contains(index + 1) { throw Broken() }
            }
            artifact = try await machine.finish()
        } catch is Broken {}
        await machine.discard()
        return (ran, artifact)
    }

    /// Adds a layer of these files to an image layout, or one that says a digest.
    func addLayer(_ files: [String: String], to image: String, digest: String? = nil) async throws {
        for (name, text) in files { try write(text, to: "layer/\(name)") }
        _ = try await tool("mkdir", "-p", "layer")
        _ = try await tool("tar", "-C", "layer", "-cf", "layer.tar", ".")
        let own = try FileDigest.of("\(path)/layer.tar")
        _ = try await tool("mv", "layer.tar", "\(image)/blobs/sha256/\(own)")
        let place = URL(filePath: "\(path)/\(image)/index.json")
        var index = try JSONDecoder().decode(OCILayout.Index.self, from: Data(contentsOf: place))
        let blobs = "\(path)/\(image)/blobs/sha256"
        let data = try Data(contentsOf: URL(filePath: "\(blobs)/\(index.manifests[0].digest.dropFirst(7))"))
        var manifest = try JSONDecoder().decode(OCILayout.Manifest.self, from: data)
        manifest.layers.append(.init(mediaType: OCILayout.layerType, digest: "sha256:\(digest ?? own)", size: 0))
        try JSONEncoder().encode(manifest).write(to: URL(filePath: "\(path)/manifest.json"))
        let named = try FileDigest.of("\(path)/manifest.json")
        _ = try await tool("mv", "manifest.json", "\(blobs)/\(named)")
        index.manifests[0].digest = "sha256:\(named)"
        try JSONEncoder().encode(index).write(to: place)
    }

    struct Broken: Error {}

    /// A program of this machine, with what it writes.
    func tool(_ name: String, _ arguments: String...) async throws -> String {
        try await MachineTool(name, arguments).text(in: path)
    }

    /// Names, modes, owners, sizes and links of an archive, without times.
    func listing(_ archive: String) async throws -> [String] {
        try await tool("tar", "--numeric-owner", "--full-time", "-tvf", archive).split(separator: "\n").map { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            return (words.prefix(3) + words.dropFirst(5)).joined(separator: " ")
        }
    }
}

extension ImageMachine {
    /// Runs a command line, with everything that it writes.
    func said(_ line: String, user: String? = nil) async throws -> (code: Int32, lines: [String]) {
        let lines = Gathered<[String]>([])
        let code = try await run(MachineCommand(line, user: user)) { output in
            switch output {
            case .output(let line), .errors(let line): lines.change { $0.append(line) }
            }
        }
        return (code, lines.value)
    }
}
