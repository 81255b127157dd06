import Foundation

/// The kernel of an image, and what it starts from.
struct BootFiles: Sendable, Hashable {
    /// Names in `/boot`.
    var kernel: String
    var initialFiles: String?

    /// The newest kernel in a folder with its initial files, as Debian, Fedora or SUSE name them.
    static func newest(of names: [String]) -> BootFiles? {
        let kernels = names.filter { $0.hasPrefix("vmlinuz-") && !$0.hasSuffix(".old") }
        guard let kernel = kernels.max(by: { $0.compare($1, options: .numeric) == .orderedAscending }) else {
            return nil
        }
        let version = kernel.dropFirst("vmlinuz-".count)
        let candidates = ["initrd.img-\(version)", "initramfs-\(version).img", "initrd-\(version)"]
        return BootFiles(kernel: kernel, initialFiles: candidates.first(where: names.contains))
    }
}
