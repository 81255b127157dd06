extension SchemaTable {
    /// The root of a file, what it extends, its parameters and variables, and stages.
    static let root = """
        mapping rootCommon | A pipeline | What a run is called, what starts it, and what it works with.
        - name text :: The format of the run's number, such as $(Date:yyyyMMdd)$(Rev:.r).
        - trigger words:none/texts/map:trigger :: Which pushes start a run; without it every push to any branch does.
        - pr words:none/texts/map:pr :: Which pull requests start a run; without it every pull request does.
        - schedules list:schedule :: Times at which runs start by themselves.
        - parameters list:parameter/any :: What whoever starts a run, or includes this template, may choose.
        - resources map:resources :: Repositories, pipelines, containers and packages that the run uses.
        - variables map:freeVariables/list:variable :: Variables that all stages and jobs see.
        - pool name:pool/map:pool :: The pool whose agents run the jobs that name none themselves.
        - lockBehavior words:sequential|runLatest :: How runs wait for an exclusive lock: one after the other, or only the latest.
        - appendCommitMessageToRunName bool :: Show the commit's message beside the run's number; true unless it says otherwise.
        mapping rootSteps | A pipeline of steps | Keys of the one job that a file with steps at its root has.
        - strategy map:matrixStrategy :: Several copies of the job, each with variables of its own.
        - continueOnError bool :: Go on when the job fails; its result is then a success with issues.
        - container name:container/map:jobContainer :: The container the steps run in.
        - services named:jobContainer :: Containers that run beside the job, by name.
        - workspace map:workspace :: What of the agent's folders is cleaned before the job.
        - timeoutInMinutes number :: After so many minutes the job is canceled; 60 unless it says otherwise, 0 is no limit.
        - cancelTimeoutInMinutes number :: So many minutes steps have to clean up after a cancel; 5 unless it says otherwise.
        mapping root | A pipeline | What a run is called, what starts it, and what it does.
        + rootCommon
        - stages list:stage :: The parts of the run, one after the other unless they say otherwise.
        - jobs list:job :: Jobs of a run with one stage, side by side unless they say otherwise.
        - steps list:step :: Steps of a run with one job.
        - extends map:extends :: The template that says what the run does.
        + rootSteps
        mapping extends | 'extends' | The template whose content takes the place of this file's.
        - template name:template first :: The file, relative to this one, or path@alias in another repository.
        - parameters map:templateParameters :: Values for the parameters of the template.
        mapping templateParameters | Parameters | Values for the parameters that the template declares.
        mapping parameter | A parameter | Something that whoever starts the run or includes the template may choose.
        - name text first :: The name by which expressions read it: ${{ parameters.name }}.
        - displayName text :: What a form shows instead of the name.
        - type words:string|stringList|number|boolean|object|legacyObject|step|stepList|job|jobList|deployment|deploymentList|stage|stageList|container|containerList|environment|pool|secureFile|serviceConnection|filePath :: What a value must be; string when nothing is said.
        - default any :: The value when none is given; without it a value must be given.
        - values texts :: The only values that are allowed.
        group variable = variable variableGroup variableTemplate
        mapping freeVariables | Variables | Names of variables, each with its value.
        mapping variable | A variable | A name and a value that steps read as $(name).
        - name text first :: The name; letter case does not count.
        - value text :: The value, a text; it may hold ${{ }}, $[ ] or $(other).
        - readonly bool :: Refuse to change it while the run goes on.
        mapping variableGroup | A variable group | Variables that the project keeps under one name.
        - group text first :: The name of the group.
        mapping variableTemplate | A template of variables | A file whose variables are taken over.
        - template name:template first :: The file, relative to this one, or path@alias in another repository.
        - parameters map:templateParameters :: Values for the parameters of the template.
        group stage = stage stageTemplate
        mapping stage | A stage | Jobs that make up one part of a run.
        - stage text first :: The name by which others refer to it; letters, digits and '_'.
        - displayName text :: What people see instead of the name.
        - dependsOn name:stage/names:stage :: Stages that must end first; without it the stage before this one, with [] none.
        - condition condition :: Whether the stage runs; without it when all it depends on succeeded.
        - variables map:freeVariables/list:variable :: Variables that the jobs of this stage see.
        - pool name:pool/map:pool :: The pool whose agents run the jobs of this stage that name none themselves.
        - jobs list:job :: What the stage does, side by side unless jobs say otherwise.
        - lockBehavior words:sequential|runLatest :: How runs wait for this stage: one after the other, or only the latest.
        - trigger words:manual|automatic :: Whether a person starts the stage.
        - isSkippable bool :: Whether a person may skip the stage; true unless it says otherwise.
        - templateContext any :: Data for the template this stage is handed to; it takes no part in the run.
        mapping stageTemplate | A template of stages | A file whose stages are put here.
        - template name:template first :: The file, relative to this one, or path@alias in another repository.
        - parameters map:templateParameters :: Values for the parameters of the template.
        """
}
