import Foundation
import RoostImages
import RoostModel

/// What all sandboxes of a provider share: how they can be made here, layers of images, the agent's program.
actor SandboxDesk {
    private let folder: String
    private var known: MachineLayers?
    /// Images that are being read: who asks meanwhile waits for the same.
    private var fetches: [String: Task<String, any Error>] = [:]
    private var bundles: [String: Task<ProgramBundle, any Error>] = [:]

    init(folder: String) { self.folder = folder }

    /// Layers, once it is known that sandboxes can be made.
    func layers() throws(ProviderFailure) -> MachineLayers {
        if let known { return known }
        do {
            let layers = try MachineLayers(folder: folder)
            known = layers
            return layers
        } catch {
            throw .unavailable(
                ProviderFailure(error).summary,
                advice: ProviderFailure(error).advice ?? "Use the provider 'process', which needs no sandbox."
            )
        }
    }

    /// The layer of an image.
    func layer(_ image: MachineImage) async throws(ProviderFailure) -> String {
        let layers = try layers()
        let fetch: Task<String, any Error>
        if let running = fetches[image.digest] {
            fetch = running
        } else {
            fetch = Task { try await layers.base(image.name, digest: image.digest, fetch: image.fetch) }
            fetches[image.digest] = fetch
        }
        let result = await fetch.result
        fetches.removeValue(forKey: image.digest)
        do { return try result.get() } catch {
            let failure = ProviderFailure.fullDisk(error, folder) ?? ProviderFailure(error).seenAsDisk
            if case .quota = failure { throw failure }
            throw .image(name: image.name, failure.summary)
        }
    }

    /// Puts layers aside that no machine has needed for a day.
    ///
    /// Whoever makes a machine writes its image down before it asks for the layer, so that none is taken away under it.
    func prune(_ ground: MachineGround, at now: Date) throws(ProviderFailure) {
        guard let known, fetches.isEmpty else { return }
        let digests = Set(try ground.machines().compactMap(\.image))
        known.putAside(
            keeping: digests,
            unusedSince: now.addingTimeInterval(-Self.timeOfRest),
            in: "\(ground.folder)/graveyard"
        )
    }

    /// Seconds after which a layer that no machine stands over goes.
    private static let timeOfRest: Double = 86_400

    /// The agent's program, with all that it is linked with.
    func bundle(_ program: String) async throws(ProviderFailure) -> ProgramBundle {
        let making: Task<ProgramBundle, any Error>
        if let known = bundles[program] {
            making = known
        } else {
            let parent = "\(folder)/agents"
            making = Task { try await ProgramBundle(program, in: parent) }
            bundles[program] = making
        }
        do { return try await making.value } catch {
            bundles.removeValue(forKey: program)
            if let failure = ProviderFailure.fullDisk(error, folder) { throw failure }
            throw .unavailable(
                "The agent \(program) cannot be made ready for sandboxes: \(ProviderFailure(error).summary)",
                advice: "Install the agent beside the server."
            )
        }
    }
}
