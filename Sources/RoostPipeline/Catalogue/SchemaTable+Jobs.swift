extension SchemaTable {
    /// Jobs, deployments and their strategies.
    static let jobs = """
        group job = job deployment jobTemplate
        mapping anyJob | A job | What jobs and deployment jobs have in common.
        - displayName text :: What people see instead of the name.
        - dependsOn name:job/names:job :: Jobs of the same stage that must end first; without it none.
        - condition condition :: Whether the job runs; without it when all it depends on succeeded.
        - continueOnError bool :: Let what depends on the job go on when it fails.
        - timeoutInMinutes number :: After so many minutes the job is canceled; 60 unless it says otherwise, 0 is no limit.
        - cancelTimeoutInMinutes number :: So many minutes steps have to clean up after a cancel; 5 unless it says otherwise.
        - variables map:freeVariables/list:variable :: Variables that the steps of this job see.
        - strategy map:matrixStrategy :: Several copies of the job, each with variables of its own.
        - pool name:pool/map:pool :: The pool whose agents run the job; 'server' is a job without an agent.
        - container name:container/map:jobContainer :: The container the steps run in: an alias, an image or a mapping.
        - services named:jobContainer :: Containers that run beside the job, by the name steps reach them under.
        - workspace map:workspace :: What of the agent's folders is cleaned before the job.
        - uses map:uses :: Repositories and pools that the job uses and that cannot be seen from its steps.
        - templateContext any :: Data for the template this job is handed to; it takes no part in the run.
        mapping job | A job | Steps that run one after the other on one agent.
        - job text first :: The name by which others refer to it; letters, digits and '_'.
        + anyJob
        - steps list:step :: What the job does, in this order.
        - retryCountOnMachineFailure number :: How often the job is queued again when its machine is lost; a key of Roost.
        mapping deploymentCommon | A deployment job | What only deployment jobs have.
        - environment name:environment/map:environment :: Where it deploys to; its checks must pass first.
        - retryCountOnMachineFailure number :: How often the job is queued again when its machine is lost; a key of Roost.
        mapping deployment | A deployment job | A job that puts something into an environment and is kept in its history.
        - deployment text first :: The name by which others refer to it; letters, digits and '_'.
        - displayName text :: What people see instead of the name.
        - dependsOn name:job/names:job :: Jobs of the same stage that must end first; without it none.
        - condition condition :: Whether the job runs; without it when all it depends on succeeded.
        - continueOnError bool :: Let what depends on the job go on when it fails.
        - timeoutInMinutes number :: After so many minutes the job is canceled; 60 unless it says otherwise, 0 is no limit.
        - cancelTimeoutInMinutes number :: So many minutes steps have to clean up after a cancel; 5 unless it says otherwise.
        - variables map:freeVariables/list:variable :: Variables that the steps of this job see.
        - strategy map:deploymentStrategy required :: How it deploys: runOnce, rolling or canary, with the steps of each hook.
        - pool name:pool/map:pool :: The pool whose agents run the job.
        - container name:container/map:jobContainer :: The container the steps run in: an alias, an image or a mapping.
        - services named:jobContainer :: Containers that run beside the job, by the name steps reach them under.
        - workspace map:workspace :: What of the agent's folders is cleaned before the job.
        - uses map:uses :: Repositories and pools that the job uses and that cannot be seen from its steps.
        - templateContext any :: Data for the template this job is handed to; it takes no part in the run.
        + deploymentCommon
        mapping jobTemplate | A template of jobs | A file whose jobs are put here.
        - template name:template first :: The file, relative to this one, or path@alias in another repository.
        - parameters map:templateParameters :: Values for the parameters of the template.
        mapping matrixStrategy | A strategy | Several copies of one job.
        - matrix named:matrixLeg/text :: The copies by name, each with its variables; or $[ ] that gives such a mapping as JSON.
        - parallel number :: So many copies that differ only in System.JobPositionInPhase.
        - maxParallel number :: At most so many copies at once; 0 is no limit.
        mapping matrixLeg | A leg of a matrix | Variables of one copy of the job.
        mapping deploymentStrategy | A deployment strategy | How a deployment goes through its hooks.
        - runOnce map:hooks :: Each hook runs once.
        - rolling map:rolling :: The hooks run on the machines of the environment, some at a time.
        - canary map:canary :: The hooks run for a growing share, and then for all.
        mapping hooks | A deployment strategy | The hooks of a deployment, each a job of its own.
        - preDeploy map:hook :: Before anything is deployed.
        - deploy map:hook :: The deployment itself.
        - routeTraffic map:hook :: Send traffic to what was deployed.
        - postRouteTraffic map:hook :: After traffic goes there: watch and check.
        - on map:onHooks :: What follows success or failure.
        mapping rolling | A rolling deployment | Hooks that run on some machines at a time.
        - maxParallel text :: How many machines at a time, as a number or with % as a share.
        + hooks
        mapping canary | A canary deployment | Hooks that run for growing shares.
        - increments texts :: The shares in percent, such as [10, 20].
        + hooks
        mapping onHooks | 'on' | Hooks at the end of a deployment.
        - failure map:hook :: When a hook failed: roll back, tell people.
        - success map:hook :: When all hooks succeeded.
        mapping hook | A hook | Steps of one moment of a deployment.
        - steps list:step :: What the hook does, in this order.
        - pool name:pool/map:pool :: The pool whose agents run this hook.
        mapping environment | An environment | Where a deployment goes.
        - name name:environment required :: The name of the environment.
        - resourceName text :: A resource of the environment.
        - resourceId text :: The id of a resource of the environment.
        - resourceType words:virtualMachine|Kubernetes :: Which kind of resources it deploys to.
        - tags text :: Only machines that have all these tags, separated by commas.
        """
}
