import Foundation

/// What starts the loader of a virtual machine's disk.
public enum MachineFirmware: String, Sendable, CaseIterable {
    case bios
    case uefi

    private static let places = ["/usr/share/ovmf/OVMF.fd", "/usr/share/qemu/OVMF.fd", "/usr/share/OVMF/OVMF.fd"]

    /// The file of QEMU's `-bios`; nil for the one that QEMU has by itself.
    ///
    /// What UEFI keeps of itself is gone when the machine ends, as all that it changes: a disk with a loader at the standard place needs none of it.
    ///
    /// - Throws: ``BootFailure/programMissing(_:package:)``.
    func file() throws(BootFailure) -> String? {
        guard self == .uefi else { return nil }
        guard let found = Self.places.first(where: { access($0, R_OK) == 0 }) else {
            throw .programMissing(Self.places[0], package: "ovmf")
        }
        return found
    }
}
