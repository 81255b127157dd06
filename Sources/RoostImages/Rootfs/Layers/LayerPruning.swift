public import Foundation

/// What may stay in a cache of layers.
public struct LayerLimits: Sendable, Hashable {
    /// Layers that nobody used for longer go; nil is for ever.
    public var age: Duration?
    /// Bytes of all layers; those that were used last stay.
    public var bytes: Int?

    public init(age: Duration? = nil, bytes: Int? = nil) {
        self.age = age
        self.bytes = bytes
    }
}

extension LayerLimits {
    /// The layers that have to go.
    ///
    /// What stands over a layer that goes is of no use and goes with it. A layer counts as used when one over it was.
    public func excess(_ layers: [StoredLayer], at now: Date) -> [StoredLayer] {
        let used = Self.lastUses(layers)
        let lastUse = { (layer: StoredLayer) in used[layer.record.identity] ?? layer.used }
        var gone: Set<String> = []
        if let age {
            gone = Set(layers.filter { now.timeIntervalSince(lastUse($0)) > age.seconds }.map(\.record.identity))
        }
        if let bytes {
            let above = Set(layers.compactMap(\.record.parent))
            var total = layers.filter { !gone.contains($0.record.identity) }.reduce(0) { $0 + $1.bytes }
            // Used at one moment, those with nothing over them go first.
            let oldestFirst = layers.sorted {
                (lastUse($0), above.contains($0.record.identity) ? 1 : 0) < (
                    lastUse($1), above.contains($1.record.identity) ? 1 : 0
                )
            }
            for layer in oldestFirst where total > bytes && gone.insert(layer.record.identity).inserted {
                total -= layer.bytes
            }
        }
        return layers.filter { Self.standsOn(gone, $0, layers) }
    }

    /// The last use of each layer or of one over it.
    private static func lastUses(_ layers: [StoredLayer]) -> [String: Date] {
        let known = Dictionary(layers.map { ($0.record.identity, $0) }) { first, _ in first }
        var uses: [String: Date] = [:]
        for layer in layers {
            var place: String? = layer.record.identity
            while let identity = place, uses[identity].map({ $0 < layer.used }) ?? true {
                uses[identity] = layer.used
                place = known[identity]?.record.parent
            }
        }
        return uses
    }

    private static func standsOn(_ gone: Set<String>, _ layer: StoredLayer, _ layers: [StoredLayer]) -> Bool {
        let known = Dictionary(layers.map { ($0.record.identity, $0.record.parent) }) { first, _ in first }
        var place: String? = layer.record.identity
        var seen: Set<String> = []
        while let identity = place, seen.insert(identity).inserted {
            guard !gone.contains(identity), let parent = known[identity] else { return true }
            place = parent
        }
        return false
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
