extension SchemaTable {
    /// What a run uses from outside.
    static let resources = """
        mapping resources | 'resources' | What the run uses from outside its repository.
        - repositories list:repository :: Other repositories, for checkouts and templates.
        - pipelines list:pipelineResource :: Other pipelines, for their artifacts and as triggers.
        - containers list:containerResource :: Images for container jobs and services.
        - packages list:package :: Packages of other hosts.
        - webhooks list:webhook :: Events of other systems that start runs.
        - builds list:build :: Builds of other systems.
        mapping repository | A repository | Another repository the run uses.
        - repository text first :: The alias by which checkouts and path@alias speak of it.
        - type words:git|github|githubenterprise|bitbucket :: Where it is hosted; git is where the pipeline is.
        - name text :: Its name: repository, project/repository or owner/repository.
        - ref text :: The branch or tag, such as refs/heads/main; without it the default branch.
        - endpoint text :: The service connection to its host.
        - trigger words:none/texts/map:trigger :: Which pushes to it start a run.
        - checkoutOptions any deprecated :: Options for checkouts in the old form.
        - clean bool deprecated :: Clean before a checkout.
        - fetchDepth number deprecated :: How many commits a checkout fetches.
        - fetchTags bool deprecated :: Fetch tags in a checkout.
        - lfs bool deprecated :: Fetch large files in a checkout.
        - submodules bool/words:recursive deprecated :: Fetch submodules in a checkout.
        - persistCredentials bool deprecated :: Leave the credentials in git's configuration after a checkout.
        mapping pipelineResource | A pipeline resource | Another pipeline whose runs this one uses.
        - pipeline text first :: The alias by which download steps and variables speak of it.
        - project text :: Its project, when it is another one.
        - source text :: The name of the pipeline.
        - version text :: The number of the run to use when a person starts this one.
        - branch text :: The branch whose latest run to use.
        - tags texts :: Only runs that have all these tags.
        - trigger words:none/bool/map:pipelineTrigger :: Whether runs of it start runs of this pipeline.
        mapping pipelineTrigger | A trigger | Which runs of the other pipeline start a run.
        - enabled bool :: Whether it counts; true unless it says otherwise.
        - branches texts/map:includeExclude :: Which branches of the other pipeline's runs.
        - stages texts :: Start when these stages succeeded rather than when the run ended.
        - tags texts :: Only runs that have all these tags.
        mapping containerResource | A container resource | An image by a name of its own.
        - container text first :: The alias by which jobs and services speak of it.
        + containerOptions
        + registryOptions
        - trigger words:none/bool/any :: Whether new images start a run.
        mapping package | A package resource | A package of another host.
        - package text first :: The alias by which getPackage steps speak of it.
        - type words:npm|nuget :: What kind of package.
        - connection text :: The service connection to its host.
        - name text :: Its name: owner/package.
        - version text :: Its version.
        - tag text :: Its tag.
        - trigger words:none/bool :: Whether new versions start a run.
        mapping webhook | A webhook | Events of another system that start runs.
        - webhook text first :: The alias; parameters of that name hold what the event says.
        - connection text :: The service connection of incoming webhooks.
        - type words:WebHook :: The kind of webhook.
        - filters list:webhookFilter :: All of these must hold.
        mapping webhookFilter | A filter | A condition on what an event says.
        - path text first :: Where to look in the event's JSON.
        - value text :: What must be there.
        mapping build | A build resource | A build of another system.
        - build text first :: The alias by which downloadBuild steps speak of it.
        - type words:Jenkins :: The system.
        - connection text :: The service connection to it.
        - source text :: The name of the build there.
        - version text :: The number of the build.
        - branch text :: The branch.
        - trigger words:none/bool :: Whether new builds start a run.
        """
}
