import CRoostLinux
import FoundationEssentials
import Glibc

/// The kernel's keyring of this user.
enum KernelKeyring {
    /// A key file has about two kilobytes.
    private static let capacity = 16 << 10

    static func store(_ bytes: Data, as name: String) throws(KeyFault) {
        let error = bytes.withUnsafeBytes { roost_key_store(name, $0.baseAddress, $0.count) }
        guard error == 0 else { throw KeyFault(reason: "the kernel's keyring refuses it: \(systemMessage(error))") }
    }

    static func read(_ name: String) throws(KeyFault) -> Data {
        var bytes = Data(count: capacity)
        let count = bytes.withUnsafeMutableBytes { roost_key_read(name, $0.baseAddress, $0.count) }
        guard count >= 0 else {
            let isGone = count == -Int(ENOKEY)
            throw KeyFault(
                reason: isGone
                    ? "the kernel's keyring has it no more, as after a restart of the machine"
                    : "the kernel's keyring refuses it: \(systemMessage(Int32(clamping: -count)))"
            )
        }
        return bytes.prefix(count)
    }

    static func drop(_ name: String) { _ = roost_key_drop(name) }
}
