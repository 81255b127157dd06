import CRoostLinux
import Foundation
import RoostModel

/// Where a provider keeps its machines on the disk; the disk is all that it knows of them.
///
/// ```
/// machines/ID         a machine, see MachinePlace; a name that begins with a dot is not a machine yet
/// graveyard/ID.UUID   a machine that is being deleted
/// graveyard/UUID      files of a generation before
/// ```
struct MachineGround: Sendable {
    /// Absolute.
    let folder: String

    init(_ folder: String) throws(ProviderFailure) {
        self.folder = folder
        for name in ["machines", "graveyard"] {
            do {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(name)",
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
            } catch {
                throw .unavailable(
                    "The provider's folder \(folder) cannot be used: \(error.localizedDescription)",
                    advice: "Let the server's user write there, or choose another folder."
                )
            }
        }
    }

    func place(_ id: String) -> MachinePlace { MachinePlace(path: "\(folder)/machines/\(id)") }

    /// Makes the place of a machine and takes the lock of who makes it; nil when there is one already.
    func claim(_ record: MachineRecord) throws(ProviderFailure) -> MachineLock? {
        let staged = MachinePlace(path: "\(folder)/machines/.\(UUID().uuidString)")
        guard mkdir(staged.path, 0o700) == 0 else { throw ProviderFailure(file: staged.path, errno) }
        guard let lock = MachineLock(staged.makingFile) else { throw ProviderFailure(file: staged.makingFile, errno) }
        do throws(ProviderFailure) { try staged.write(record) } catch {
            _ = roost_remove_tree(staged.path)
            throw error
        }
        guard rename(staged.path, place(record.id).path) != 0 else { return lock }
        let error = errno
        _ = roost_remove_tree(staged.path)
        guard error == EEXIST || error == ENOTEMPTY else { throw ProviderFailure(file: place(record.id).path, error) }
        return nil
    }

    /// Puts files aside, so that their place is free at once; they are removed later.
    func putAside(_ path: String, as name: String = UUID().uuidString) throws(ProviderFailure) -> String? {
        let grave = "\(folder)/graveyard/\(name)"
        guard rename(path, grave) != 0 else { return grave }
        guard errno == ENOENT else { throw ProviderFailure(file: path, errno) }
        return nil
    }

    // MARK: What there is

    /// A machine, in whatever state; nil when there is none of the name.
    func machine(_ id: String) -> ListedMachine? { listed(place(id), at: id, isDeleted: false) }

    /// All machines.
    func machines() throws(ProviderFailure) -> [ListedMachine] {
        let living = try names("machines").filter(MachineRecord.isID).compactMap(machine)
        let leaving = try deletions().compactMap { listed($0.place, at: $0.id, isDeleted: true) }
        let known = Set(living.map(\.id))
        return living + leaving.filter { !known.contains($0.id) }
    }

    private func listed(_ place: MachinePlace, at id: String, isDeleted: Bool) -> ListedMachine? {
        guard let record = place.record, record.id == id else { return nil }
        let state: ListedMachine.State =
            isDeleted ? .deleting : place.isAlive ? .running : place.isBeingMade ? .creating : .stopped
        return ListedMachine(id: id, tag: record.tag, state: state, image: record.image)
    }

    /// Machines that are being deleted, or were when this was interrupted.
    func deletions() throws(ProviderFailure) -> [(id: String, place: MachinePlace)] {
        try names("graveyard").compactMap { name in
            let parts = name.split(separator: ".")
            guard parts.count == 2, MachineRecord.isID(String(parts[0])) else { return nil }
            return (String(parts[0]), MachinePlace(path: "\(folder)/graveyard/\(name)"))
        }
    }

    /// What nobody will come back to: files of generations before, and places that never became machines.
    func rubbish() throws(ProviderFailure) -> [String] {
        let graves = try names("graveyard").map { MachinePlace(path: "\(folder)/graveyard/\($0)") }
            .filter { $0.record == nil && !$0.isAlive }.map(\.path)
        let staged = try names("machines").filter { $0.hasPrefix(".") }.map { "\(folder)/machines/\($0)" }
        return graves + staged.filter { !MachinePlace(path: $0).isBeingMade }
    }

    private func names(_ name: String) throws(ProviderFailure) -> [String] {
        do { return try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)").sorted() } catch {
            throw .failed("The machines in \(folder) cannot be listed: \(error.localizedDescription)")
        }
    }
}
