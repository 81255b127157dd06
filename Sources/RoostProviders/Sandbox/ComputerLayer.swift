import CRoostLinux
import Foundation
import RoostModel

/// The lowest layer of machines without an image, made anew when what it was copied from has changed.
actor ComputerLayer {
    private let folder: String
    private let files: ComputerFiles
    private var known: (name: String, entries: [ComputerFiles.Entry], seen: ContinuousClock.Instant)?

    /// - Parameters:
    ///   - folder: of the provider.
    ///   - files: what it is made of.
    init(folder: String, files: ComputerFiles) { (self.folder, self.files) = (folder, files) }

    private static let place = "computer"

    /// How long it is taken for what it was, without a look at its hundreds of files.
    private static let trust: Duration = .seconds(60)

    /// The layer.
    ///
    /// - Returns: its folder, relative to the provider's.
    /// - Throws: ``ProviderFailure``.
    func path() throws(ProviderFailure) -> String {
        if let known, known.seen.duration(to: .now) < Self.trust { return "\(Self.place)/\(known.name)" }
        let entries = files.entries()
        var name = UUID().uuidString
        if let known, known.entries == entries {
            name = known.name
        } else {
            guard mkdir("\(folder)/\(Self.place)", 0o755) == 0 || errno == EEXIST else {
                throw ProviderFailure(file: "\(folder)/\(Self.place)", errno)
            }
            try files.make(entries, in: "\(folder)/\(Self.place)/\(name)")
        }
        known = (name, entries, .now)
        return "\(Self.place)/\(name)"
    }

    /// Puts layers aside that no machine stands over.
    ///
    /// Which one a machine stands over is written nowhere: as long as there is a machine without an image, all stay.
    func prune(_ ground: MachineGround) throws(ProviderFailure) {
        guard try !ground.machines().contains(where: { $0.image == nil }) else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(Self.place)")) ?? []
        for name in names where name != known?.name { _ = try ground.putAside("\(folder)/\(Self.place)/\(name)") }
    }
}
