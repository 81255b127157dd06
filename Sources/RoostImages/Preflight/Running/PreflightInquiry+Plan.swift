public import RoostTemplate

extension PreflightInquiry {
    /// Walks through a plan with what is known so far.
    ///
    /// Reads no clock, no file and no network.
    ///
    /// - Parameters:
    ///   - plan: what would be built.
    ///   - settings: how.
    ///   - facts: answers to questions that an earlier walk asked; without any, the walk only asks.
    public init(
        _ plan: ImagePlan,
        _ settings: PreflightSettings,
        knowing facts: [PreflightQuestion: PreflightAnswer] = [:]
    ) {
        self.init(knowing: facts)
        var demands: [ProcessorDemand] = []
        for target in plan.targets {
            checkMachine(target, settings)
            checkGallery(target, settings)
            guard !settings.offlineTypes.contains(target.type),
                let signIn = AzureSignIn(target, environment: settings.environment),
                let build = AzureBuild(target, signIn)
            else { continue }
            var check = AzureCheck(signIn: signIn, build: build, isForced: settings.isForced, inquiry: self)
            check.run()
            self = check.inquiry
            demands += check.demands
        }
        check(demands)
    }
}
