import Foundation
import Synchronization

/// A root file system that is being built: the layers that are finished, and the sandbox over them.
final class RootfsMachine: ImageMachine {
    /// A layer that is being made.
    struct OpenLayer: Sendable {
        let key: LayerKey
        let title: String
        /// Relative to the cache.
        let place: String
        let sandbox: Sandbox
        /// What failed is not kept, but may be looked at until something else begins.
        var hasFailed = false
    }

    struct State: Sendable {
        var layers: [LayerRecord]
        var open: OpenLayer?
        /// How many were opened.
        var count = 0
    }

    let build: RootfsBuild
    let facts: [String: String]
    let state: Mutex<State>

    init(_ build: RootfsBuild, _ layers: [LayerRecord]) {
        self.build = build
        state = Mutex(State(layers: layers))
        facts = ["ID": build.ledger.build, "Host": build.settings.hostName, "ConnType": "sandbox", "User": "root"]
    }

    func step(_ key: StepKey, _ body: () async throws -> Void) async throws -> StepOutcome {
        try await settle()
        let layerKey = self.key(over: state.withLock { $0.layers }, step: key.digest)
        if build.usesCache, let record = build.cache.layer(layerKey) {
            state.withLock { $0.layers.append(record) }
            return .reused
        }
        _ = try open(layerKey, key.name)
        do { try await body() } catch {
            state.withLock { $0.open?.hasFailed = true }
            throw error
        }
        try await settle()
        return .done
    }

    private func key(over layers: [LayerRecord], step: String) -> LayerKey {
        let parent = layers.last.flatMap { LayerIdentity(digest: $0.identity) }
        return LayerKey(parent: parent, step: step, conditions: build.settings.conditions)
    }

    /// Those that are finished, the lowest first.
    var layers: [LayerRecord] { state.withLock { $0.layers } }

    func trial(_ body: () async throws -> Void) async throws {
        try await trial("validation", body)
    }

    func finish() async throws -> ImageArtifact {
        var artifact = try await written()
        if build.needsInspection {
            let publication = RootfsPublication(
                build: build,
                layers: state.withLock { $0.layers },
                inspection: try await inspection()
            )
            artifact = try await publication.publish(artifact)
        }
        await build.end()
        return artifact
    }

    /// Works over the finished layers; nothing that it does is kept.
    func trial<Value: Sendable>(_ title: String, _ body: () async throws -> Value) async throws -> Value {
        try await settle()
        let (layers, count) = state.withLock { ($0.layers, $0.count) }
        _ = try open(key(over: layers, step: "\(build.ledger.build) trial \(count)"), title)
        state.withLock { $0.open?.hasFailed = true }
        let value = try await body()
        try await settle()
        return value
    }

    /// Writes the image, tested, and leaves everything else as it is.
    func written() async throws -> ImageArtifact {
        try await settle()
        if build.settings.isGeneral { try await generalize() }
        try await addRecord()
        try await runTests()
        return try await RootfsOutput(build: build, layers: state.withLock { $0.layers }).write()
    }

    /// Makes a layer without what only one machine may have, unless there is nothing of it.
    private func generalize() async throws {
        let key = key(over: state.withLock { $0.layers }, step: Generalization.digest)
        if build.usesCache, let record = build.cache.layer(key) { return state.withLock { $0.layers.append(record) } }
        let sandbox = try open(key, "generalize")
        let changed = try await sandbox.waiting { try Generalization(sandbox: sandbox).apply() }
        if changed.isEmpty {
            state.withLock { $0.open?.hasFailed = true }
        } else {
            build.context.say(.step("Generalizing the image"))
            for path in changed { build.context.say(.detail(path)) }
        }
        try await settle()
    }

    func discard() async {
        let open = state.withLock { state in
            defer { state.open = nil }
            return state.open
        }
        open?.sandbox.end()
        await build.end()
    }

    // MARK: Layers

    /// The sandbox of the step that is being done; what is done outside any step is a layer that is never found again.
    func sandbox() throws -> Sandbox {
        let (layers, open, count) = state.withLock { ($0.layers, $0.open, $0.count) }
        if let open { return open.sandbox }
        return try self.open(key(over: layers, step: "\(build.ledger.build) \(count)"), "without a step")
    }

    private func open(_ key: LayerKey, _ title: String) throws -> Sandbox {
        let (layers, count) = state.withLock { state in
            state.count += 1
            return (state.layers, state.count)
        }
        let place = "\(build.place)/\(count)"
        let sandbox = try build.sandbox(over: layers, place)
        state.withLock { $0.open = OpenLayer(key: key, title: title, place: place, sandbox: sandbox) }
        return sandbox
    }

    /// Ends the layer that is open: keeps it, or drops it when it failed.
    private func settle() async throws {
        let (layers, open) = state.withLock { state in
            defer { state.open = nil }
            return (state.layers, state.open)
        }
        guard let open else { return }
        open.sandbox.end()
        guard !open.hasFailed else { return try await build.cache.remove([open.place]) }
        let place = "\(build.cache.folder)/\(open.place)/layer"
        build.removePlaceholders(in: "\(place)/tree")
        let record = LayerRecord(
            identity: build.identity(open.key).digest,
            key: open.key.digest,
            parent: layers.last?.identity,
            title: open.title,
            made: Date.now
        )
        try build.cache.keep(place, as: record)
        state.withLock { $0.layers.append(record) }
    }
}

extension RootfsBuild {
    /// A sandbox over layers whose changes go to the folder `layer/tree` of a place.
    func sandbox(over layers: [LayerRecord], _ place: String) throws -> Sandbox {
        for name in ["layer/tree", "work", "root"] {
            try FileManager.default.createDirectory(
                atPath: "\(cache.folder)/\(place)/\(name)",
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o755]
            )
        }
        var plan = SandboxPlan(folder: cache.folder, overlay: try overlay(of: layers, at: "\(place)/root"))
        plan.overlay?.upper = "\(place)/layer/tree"
        plan.overlay?.work = "\(place)/work"
        plan.hostNetwork = settings.hasNetwork
        plan.hostName = settings.hostName
        plan.mounts = settings.mounts.map { mount in
            var mount = mount
            mount.source = context.path(mount.source)
            return mount
        }
        if settings.hasNetwork, access("/etc/resolv.conf", R_OK) == 0 { plan.resolver = "/etc/resolv.conf" }
        try takeMode(of: layers.last, "\(cache.folder)/\(place)/layer/tree")
        return try Sandbox(plan, users)
    }

    /// The top folder has the mode of the layer below.
    private func takeMode(of layer: LayerRecord?, _ tree: String) throws {
        var status = stat()
        guard let folder = layer.flatMap({ LayerIdentity(digest: $0.identity)?.folder }),
            stat("\(cache.folder)/layers/\(folder)/tree", &status) == 0
        else { return }
        chmod(tree, status.st_mode & 0o7777)
    }

    /// Layers as one file system for programs of the machine, with a folder of the cache over them.
    func view(_ layers: [LayerRecord], and folder: String? = nil) throws -> SandboxPlan.Overlay {
        let root = "\(place)/view"
        try FileManager.default.createDirectory(atPath: "\(cache.folder)/\(root)", withIntermediateDirectories: true)
        var view = try overlay(of: layers, at: root)
        view.layers += folder.map { [$0] } ?? []
        return view
    }

    /// Layers over one another, seen at a place.
    func overlay(of layers: [LayerRecord], at root: String) throws -> SandboxPlan.Overlay {
        let folders = layers.compactMap { LayerIdentity(digest: $0.identity)?.folder }.map { "layers/\($0)/tree" }
        let size = folders.reduce(0) { $0 + $1.utf8.count + 1 }
        // mount(2) takes one page of options.
        guard size < 3800 else { throw LayerCacheFailure.tooManyLayers(count: layers.count) }
        return SandboxPlan.Overlay(layers: folders, root: root)
    }

    /// Removes what only gave a place to a file of the machine.
    func removePlaceholders(in tree: String) {
        let path = "\(tree)/etc/resolv.conf"
        var status = stat()
        guard settings.hasNetwork, lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size == 0
        else { return }
        unlink(path)
    }
}
