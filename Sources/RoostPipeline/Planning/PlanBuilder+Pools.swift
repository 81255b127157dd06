import RoostLanguage
import RoostModel

extension PlanBuilder {
    /// The `pool` of a block; nil when it says nothing.
    func pool(_ fields: Fields) -> PlannedPool? {
        switch fields.node("pool") {
        case .scalar(let scalar):
            guard !scalar.string.isEmpty else { return nil }
            if equalIgnoringCase(scalar.text, "server") {
                limitation("Jobs without an agent are not carried out", fields.mapping, "pool")
            }
            return PlannedPool(name: scalar.planned)
        case .mapping(let mapping): return pool(mapping)
        case .sequence(let sequence):
            log.error(
                "pipeline.kind",
                "A sequence was not expected",
                at: sequence.place,
                advice: "'pool' is a name, or a mapping with name, vmImage and demands."
            )
            return nil
        case .unknown, nil: return nil
        }
    }

    private func pool(_ mapping: SyntaxMapping) -> PlannedPool? {
        let fields = Fields(mapping, PipelineKeys.pool + PipelineKeys.loosePool, noun: "A pool", log)
        let pool = PlannedPool(
            name: fields.filled("name"),
            vmImage: fields.filled("vmImage"),
            demands: fields.texts("demands").compactMap(demand)
        )
        return pool.name == nil && pool.vmImage == nil && pool.demands.isEmpty ? nil : pool
    }

    /// A demand that can be understood; one with macros is looked at when they have values.
    private func demand(_ scalar: SyntaxScalar) -> PlannedText? {
        guard !scalar.text.contains("$(") else { return scalar.planned }
        do throws(InvalidDemand) {
            _ = try Demand(parsing: scalar.text)
            return scalar.planned
        } catch {
            log.error(error.code, error.summary, at: scalar.place, advice: error.advice)
            return nil
        }
    }
}

extension Fields {
    /// A text that is not empty.
    func filled(_ key: String) -> PlannedText? { planned(key).flatMap { $0.text.isEmpty ? nil : $0 } }
}
