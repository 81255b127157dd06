import Foundation
import Glibc
import RoostTesting

/// A network of its own, from which nothing but one address of this machine can be reached; whatever is tried goes over one link, where it is seen.
struct LonelyNetwork: Sendable {
    /// The address of this machine.
    let outside: String
    private let inside: String
    private let name: String
    /// The end of the link outside.
    private let near: String
    /// The end inside.
    private let far: String
    private let folder: ScratchFolder

    /// Of nobody; what is asked there is seen on the link.
    static let nameServer = "10.99.99.99"

    static let isPossible: Bool = {
        let programs = ["/usr/bin/tcpdump", "/usr/bin/nsenter"] + ["ip"].map { "/usr/sbin/\($0)" }
        guard getuid() == 0, programs.allSatisfy(FileManager.default.isExecutableFile) else { return false }
        return (try? ShortCommand.run(["unshare", "--net", "-m", "true"]).code) == 0
    }()

    static func with<Value: Sendable>(_ body: (LonelyNetwork) async throws -> Value) async throws -> Value {
        let network = try LonelyNetwork()
        let result: Result<Value, any Error>
        do { result = .success(try await body(network)) } catch { result = .failure(error) }
        network.remove()
        return try result.get()
    }

    private init() throws {
        folder = try ScratchFolder()
        let mark = UUID().uuidString.prefix(6).lowercased()
        (name, near, far) = ("roost-\(mark)", "rn\(mark)", "rf\(mark)")
        // Tests that run beside this one have others.
        let part = "10.\(Int.random(in: 200...220)).\(Int.random(in: 0...255))"
        let last = Int.random(in: 0...62) * 4
        (outside, inside) = ("\(part).\(last + 1)", "\(part).\(last + 2)")
        try folder.write("nameserver \(Self.nameServer)\n", to: "resolv.conf")
        // Its own name, as machines have it there.
        try folder.write("127.0.0.1 localhost\n127.0.1.1 \(ProcessInfo.processInfo.hostName)\n", to: "hosts")
        let script = """
            set -e
            ip netns add \(name)
            ip link add \(near) type veth peer name \(far) netns \(name)
            ip addr add \(outside)/30 dev \(near)
            ip link set \(near) up
            # Nothing goes further than here.
            echo 0 >/proc/sys/net/ipv4/conf/\(near)/forwarding
            [ ! -d /proc/sys/net/ipv6 ] || echo 1 >/proc/sys/net/ipv6/conf/\(near)/disable_ipv6
            ip -n \(name) addr add \(inside)/30 dev \(far)
            ip -n \(name) link set lo up
            nsenter --net=/run/netns/\(name) sysctl -q net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
            ip -n \(name) link set \(far) up
            ip -n \(name) route add default via \(outside)
            """
        guard try ShortCommand.run(["sh", "-c", script]).code == 0 else {
            remove()
            throw TestFailure("the network could not be made")
        }
    }

    private func remove() {
        // The link goes with its end inside.
        _ = try? ShortCommand.run(["ip", "netns", "del", name])
        folder.remove()
    }

    /// Starts a program inside; its process is the program's own.
    func start(_ words: [String], environment: [String: String] = [:], folder: String) throws -> ChildProgram {
        let script = """
            mount --bind "$0/resolv.conf" /etc/resolv.conf && mount --bind "$0/hosts" /etc/hosts && exec "$@"
            """
        return try ChildProgram(
            executable: "/usr/bin/nsenter",
            [
                "--net=/run/netns/\(name)", "unshare", "-m", "bash", "-c", script, self.folder.path, "/usr/bin/python3",
                "-c",
                Self.unblocked,
            ]
                + words,
            environment: environment,
            folder: folder
        )
    }

    // MARK: What is seen

    /// Starts a program that hears signals, which this process holds back.
    private static let unblocked =
        "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); os.execvp(sys.argv[1], sys.argv[1:])"

    /// All packets on the link while something is done, as tcpdump shows them; those of addresses of the link itself are left out.
    func watch(_ body: () async throws -> Void) async throws -> [String] {
        let file = "\(folder.path)/\(UUID().uuidString).pcap"
        let dump = try ChildProgram(
            executable: "/usr/bin/nsenter",
            [
                "--net=/run/netns/\(name)", "/usr/bin/python3", "-c", Self.unblocked, "tcpdump", "-i", far, "-n", "-U",
                "-w",
                file,
            ],
            folder: folder.path
        )
        try await dump.line(with: "listening on")
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        dump.send(SIGINT)
        await dump.end()
        try result.get()
        let shown = try ShortCommand.run(["tcpdump", "-nn", "-q", "-t", "-r", file, "not arp"])
        return String(decoding: shown.output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Those of packets that are not between the inside and one port outside.
    func strangers(_ packets: [String], port: Int) -> [String] {
        let there = "\(outside).\(port)"
        return packets.filter { packet in
            let words = packet.split(separator: " ")
            // IP 10.0.0.2.40000 > 10.0.0.1.3128: tcp 0
            guard words.count > 4, words[0] == "IP", words[4] == "tcp" else { return true }
            let ends = [String(words[1]), String(words[3].dropLast())]
            return !ends.contains(there) || !ends.contains { $0.hasPrefix("\(inside).") }
        }
    }
}
