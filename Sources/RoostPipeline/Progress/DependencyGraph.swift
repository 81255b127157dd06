/// Stages of a run or jobs of a stage, and what each waits for.
struct DependencyGraph {
    /// Why a node can never begin.
    enum Fault: Hashable {
        case unknown(dependency: String)
        case cycle
    }

    /// Places of the nodes, each behind all it depends on; nodes that can never begin are missing.
    let order: [Int]
    /// By place.
    let faults: [Int: Fault]
    private let places: [PlanName: Int]
    private let direct: [[Int]]

    init(_ nodes: [(name: String, dependsOn: [String])]) {
        let places = Dictionary(nodes.enumerated().map { (PlanName($1.name), $0) }) { first, _ in first }
        var faults: [Int: Fault] = [:]
        var direct: [[Int]] = []
        for (place, node) in nodes.enumerated() {
            direct.append(node.dependsOn.compactMap { places[PlanName($0)] })
            if let unknown = node.dependsOn.first(where: { places[PlanName($0)] == nil }) {
                faults[place] = .unknown(dependency: unknown)
            }
        }
        let order = Self.sorted(direct)
        for place in Set(nodes.indices).subtracting(order) where faults[place] == nil { faults[place] = .cycle }
        self.order = order.filter { faults[$0] == nil }
        self.faults = faults
        self.places = places
        self.direct = direct
    }

    func place(of name: String) -> Int? { places[PlanName(name)] }

    /// What a node names itself.
    func directDependencies(of place: Int) -> [Int] { direct[place] }

    /// What a node waits for, directly or through others, nearest first.
    func allDependencies(of place: Int) -> [Int] {
        var found: [Int] = []
        var seen: Set<Int> = [place]
        var next = direct[place]
        while !next.isEmpty {
            let new = next.filter { seen.insert($0).inserted }
            found += new
            next = new.flatMap { direct[$0] }
        }
        return found
    }

    /// Places in an order in which none comes before what it depends on; those on a cycle or behind one are left out.
    private static func sorted(_ direct: [[Int]]) -> [Int] {
        var missing = direct.map { Set($0).count }
        var dependants = Array(repeating: [Int](), count: direct.count)
        for (place, dependencies) in direct.enumerated() {
            for dependency in Set(dependencies) { dependants[dependency].append(place) }
        }
        var order = direct.indices.filter { missing[$0] == 0 }
        var next = 0
        while next < order.count {
            for dependant in dependants[order[next]] {
                missing[dependant] -= 1
                if missing[dependant] == 0 { order.append(dependant) }
            }
            next += 1
        }
        return order
    }
}
