import Glibc

/// What the kernel says about this machine.
enum MachineFacts {
    static let hostName = facts.node
    /// The processor, such as `X64` or `ARM64`.
    static let architecture = architectureName(facts.machine)
    /// Release of the kernel.
    static let kernel = facts.release

    private static let facts = read()

    private static func read() -> (node: String, machine: String, release: String) {
        var names = utsname()
        uname(&names)
        return (text(names.nodename), text(names.machine), text(names.release))
    }

    private static func text<Field>(_ field: Field) -> String {
        withUnsafeBytes(of: field) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func architectureName(_ machine: String) -> String {
        switch machine {
        case "x86_64": "X64"
        case "aarch64": "ARM64"
        case "armv7l", "armv6l": "ARM"
        case "i386", "i686": "X86"
        default: machine
        }
    }
}
