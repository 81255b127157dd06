import Foundation
import RoostContent

/// What a version holds of an artifact: its files, or where there are none, a file that says what it is.
///
/// Files are not copied: they are read where they lie.
struct ArtifactContent {
    private(set) var files = FolderScan()
    /// With the file that was made here.
    private var folder: String?

    static let fileName = "artifact.json"

    init(_ artifact: ImageArtifact, _ work: StepWork) throws {
        guard artifact.files.isEmpty else {
            var seen: Set<String> = []
            let places = artifact.files.map(work.path).filter { seen.insert($0).inserted }
            for (place, name) in zip(places, Self.folders(of: places)) { try files.add(place, under: name) }
            return
        }
        let made = FileManager.default.temporaryDirectory.path + "/roost-artifact-\(UUID().uuidString.lowercased())"
        try FileManager.default.createDirectory(
            atPath: made,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        folder = made
        do {
            try StoredFile.write(try ArtifactRecord(artifact, work.target).json(), to: "\(made)/\(Self.fileName)")
            try files.add("\(made)/\(Self.fileName)")
        } catch {
            remove()
            throw error
        }
    }

    func remove() { if let folder { try? FileManager.default.removeItem(atPath: folder) } }

    /// The folders of a version that files are put into: none, unless two have one name.
    ///
    /// Then each is put where it lies below the folder that all have in common.
    static func folders(of places: [String]) -> [String] {
        let parts = places.map { $0.split(separator: "/").map(String.init) }
        guard Set(parts.compactMap(\.last)).count < parts.count, var common = parts.first?.dropLast() else {
            return places.map { _ in "" }
        }
        for part in parts { while !part.starts(with: common) { common = common.dropLast() } }
        return parts.map { $0.dropFirst(common.count).dropLast().joined(separator: "/") }
    }
}
