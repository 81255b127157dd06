import Foundation

/// The command line of a virtual machine.
package struct QEMUMachine: Sendable, Hashable {
    package static let program = "qemu-system-x86_64"

    package enum Network: Sendable, Hashable {
        case open
        /// None that leads anywhere; inside it looks like a door.
        case closed
        /// Nothing but the server; the program stands between.
        case door(ServerDoor, program: String)
    }

    /// How it lives on by itself, when it does not end with who starts it.
    package struct Detachment: Sendable, Hashable {
        package var name: String
        /// The file that its process has locked as long as it lives.
        package var processFile: String
        /// The file to which its serial line is added.
        package var console: String
        /// The file of a second disk, with what programs in the machine read when it first starts.
        package var seed: String
        /// Its second serial line.
        package var port: Port
        /// A socket at which somebody waits for its monitor, relative to where QEMU is started.
        package var monitor: String?
        /// A file with the memory in which it goes on.
        package var saved: String?

        package init(name: String, processFile: String, console: String, seed: String, port: Port) {
            self.name = name
            self.processFile = processFile
            self.console = console
            self.seed = seed
            self.port = port
        }
    }

    /// Where a serial line leads.
    package enum Port: Sendable, Hashable {
        /// What the machine says is added to it, and it hears nothing.
        case file(String)
        /// Somebody waits at this socket, relative to where QEMU is started: paths of sockets are short.
        case socket(String)

        var words: String {
            switch self {
            case .file(let path): "file,id=port,path=\(QEMUMachine.quoted(path)),append=on"
            case .socket(let path): "socket,id=port,path=\(QEMUMachine.quoted(path))"
            }
        }
    }

    var disk: String
    var form: DiskForm
    /// In MiB.
    var memory: Int
    var processors: Int
    package var isFast = false
    /// A file with another firmware than QEMU's own.
    package var firmware: String?
    package var network: Network?
    /// The file with what is handed in; its name alone is in the command line.
    package var values: String?
    /// Nil for one whose changes are dropped.
    package var detachment: Detachment?

    package init(disk: String, form: DiskForm, memory: Int, processors: Int) {
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
    package var arguments: [String] {
        var words = ["-no-user-config", "-nodefaults", "-display", "none", "-monitor", "none"]
        words += ["-accel", isFast ? "kvm" : "tcg,thread=multi", "-cpu", isFast ? "host" : "max"]
        words += ["-m", "\(memory)M", "-smp", "\(processors)", "-device", "virtio-rng-pci"]
        if let firmware { words += ["-bios", firmware] }
        words += ownWords
        if let values { words += ["-fw_cfg", "name=opt/roost/boot,file=\(Self.quoted(values))"] }
        return words + networkArguments
    }

    /// Its disks, its serial line, and its process.
    private var ownWords: [String] {
        let drive = "file=\(Self.quoted(disk)),format=\(form.name),if=virtio"
        guard let detachment else { return ["-serial", "stdio", "-drive", "\(drive),snapshot=on"] }
        var words = [
            "-name", Self.quoted(detachment.name), "-daemonize", "-pidfile", detachment.processFile,
            "-chardev", "file,id=console,path=\(Self.quoted(detachment.console)),append=on", "-serial",
            "chardev:console", "-chardev", detachment.port.words, "-serial", "chardev:port",
            // Nobody needs the disk after the machine.
            "-drive", "\(drive),cache=unsafe",
            "-drive", "file=\(Self.quoted(detachment.seed)),format=raw,if=virtio,readonly=on",
        ]
        if let monitor = detachment.monitor {
            words += [
                "-chardev", "socket,id=monitor,path=\(Self.quoted(monitor))", "-mon", "chardev=monitor,mode=control",
            ]
        }
        if let saved = detachment.saved { words += ["-incoming", "exec:cat \(Self.word(saved))"] }
        return words
    }

    /// What writes a memory to a file, as the monitor is asked for it.
    package static func saving(to path: String) -> String { "exec:cat >\(word(path))" }

    private var networkArguments: [String] {
        let card = ["-device", "virtio-net-pci,netdev=net"]
        switch network {
        case nil: return []
        case .open: return ["-netdev", "user,id=net"] + card
        case .closed: return ["-netdev", "user,id=net,restrict=on"] + card
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
