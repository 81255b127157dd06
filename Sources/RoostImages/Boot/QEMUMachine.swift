import Foundation

/// The command line of a virtual machine.
struct QEMUMachine: Sendable, Hashable {
    static let program = "qemu-system-x86_64"

    enum Network: Sendable, Hashable {
        case open
        /// Nothing but the server; the program stands between.
        case door(ServerDoor, program: String)
    }

    var disk: String
    var form: DiskForm
    /// In MiB.
    var memory: Int
    var processors: Int
    var isFast = false
    /// A file with another firmware than QEMU's own.
    var firmware: String?
    var network: Network?
    /// The file with what is handed in; its name alone is in the command line.
    var values: String?

    init(disk: String, form: DiskForm, memory: Int, processors: Int) {
        self.disk = disk
        self.form = form
        self.memory = memory
        self.processors = processors
    }

    var door: ServerDoor? {
        guard case .door(let door, _) = network else { return nil }
        return door
    }

    /// The machine has a disk, a serial line, a source of random numbers, and what it was given besides.
    var arguments: [String] {
        var words = ["-no-user-config", "-nodefaults", "-display", "none", "-monitor", "none", "-serial", "stdio"]
        words += ["-accel", isFast ? "kvm" : "tcg,thread=multi", "-cpu", isFast ? "host" : "max"]
        words += ["-m", "\(memory)M", "-smp", "\(processors)", "-device", "virtio-rng-pci"]
        if let firmware { words += ["-bios", firmware] }
        words += ["-drive", "file=\(Self.quoted(disk)),format=\(form.name),if=virtio,snapshot=on"]
        if let values { words += ["-fw_cfg", "name=opt/roost/boot,file=\(Self.quoted(values))"] }
        return words + networkArguments
    }

    private var networkArguments: [String] {
        let card = ["-device", "virtio-net-pci,netdev=net"]
        switch network {
        case nil: return []
        case .open: return ["-netdev", "user,id=net"] + card
        case .door(let door, let program):
            let command = "\(Self.word(program)) image door \(Self.word(door.host)) \(door.port)"
            let place = "tcp:\(ServerDoor.address):\(door.url.port ?? door.port)"
            return ["-netdev", "user,id=net,restrict=on,guestfwd=\(place)-cmd:\(Self.quoted(command))"] + card
        }
    }

    /// In options a comma stands for itself when it is there twice.
    private static func quoted(_ text: String) -> String { text.replacing(",", with: ",,") }

    /// A word of a command that is taken apart as a shell does it.
    private static func word(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
}
