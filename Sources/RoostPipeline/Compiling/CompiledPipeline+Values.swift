import RoostModel

extension CompiledPipeline {
    /// What the values of variables came to, by the place (`file:line:column`) of the value in its file.
    ///
    /// A place that is used several times, as in a template, has several values. Nothing is known of a pipeline with errors.
    public var variableValues: [String: [String]] {
        guard let plan else { return [:] }
        var values: [String: [String]] = [:]
        func note(_ variables: [PlannedVariable]) {
            for variable in variables where !variable.value.place.isEmpty {
                let known = values[variable.value.place, default: []]
                if !known.contains(variable.value.text) { values[variable.value.place] = known + [variable.value.text] }
            }
        }
        note(plan.variables)
        for stage in plan.stages {
            note(stage.variables)
            for job in stage.jobs { note(job.variables) }
        }
        return values
    }
}
