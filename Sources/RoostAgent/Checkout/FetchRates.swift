import FoundationEssentials

/// Bytes a second that came from the pool and from repositories' own addresses, as this machine measured them.
struct FetchRates: Hashable, Sendable, Codable {
    /// Taken for granted until something was measured: a network of 1 Gbit/s.
    var pool = 100_000_000.0
    /// Nil until something was measured.
    var origin: Double?

    /// A clear difference, so that one bad moment does not turn all jobs around.
    var isPoolSlower: Bool { origin.map { $0 > pool * 2 } ?? false }

    /// Smaller transfers say more of the way than of its width.
    private static let leastBytes = 1 << 20
    /// How much a new measurement counts beside the earlier ones.
    private static let weight = 0.3

    /// Takes a transfer into account.
    mutating func note(_ source: FetchPlan.Source, bytes: Int, in duration: Duration) {
        guard bytes >= Self.leastBytes, duration > .zero else { return }
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        let rate = Double(bytes) / seconds
        switch source {
        case .pool: pool += (rate - pool) * Self.weight
        case .origin: origin = origin.map { $0 + (rate - $0) * Self.weight } ?? rate
        }
    }

    // MARK: Between jobs

    /// What was measured before; what cannot be read is as if nothing was.
    init(in folder: String) {
        self.init()
        guard let bytes = ProcFile.read(Self.file(folder), limit: 1 << 12),
            let known = try? JSONDecoder().decode(FetchRates.self, from: Data(bytes)), known.pool > 0
        else { return }
        self = known
    }

    init() {}

    /// Keeps it for later jobs; agents that share the folder may overwrite each other's, which costs nothing but a measurement.
    func keep(in folder: String) {
        guard FileTree.isFolder(folder), FileTree.make(Self.folder(folder)) == 0,
            let data = try? JSONEncoder().encode(self)
        else { return }
        _ = SmallFile.write(String(decoding: data, as: UTF8.self), to: Self.file(folder), mode: 0o644)
    }

    /// Where they are kept beside the mirrors.
    static func folder(_ mirrors: String) -> String { "\(mirrors)/.rates" }

    private static func file(_ mirrors: String) -> String { "\(folder(mirrors))/rates.json" }
}
