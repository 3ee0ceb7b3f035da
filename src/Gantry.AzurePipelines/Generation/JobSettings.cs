using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The settings that every job of a pipeline shares.</summary>
/// <param name="Sources">The checkout.</param>
/// <param name="RetryCount">The number of times that repeatable steps are tried again.</param>
/// <param name="CancelTimeout">The time in minutes to end in when the run is cancelled; null: the default of the service.</param>
internal sealed record JobSettings(Sources Sources, int RetryCount, int? CancelTimeout)
{
    public static JobSettings Of(PipelineDeclaration declaration) =>
        new(declaration.Sources, declaration.Tools.RetryCount, declaration.CancelTimeoutInMinutes);

    public static JobSettings Of(TargetPipeline declaration) =>
        new(declaration.Sources, declaration.Tools.RetryCount, declaration.CancelTimeoutInMinutes);

    /// <summary>Returns the stage with the settings in each of its jobs that has an agent.</summary>
    public Stage ApplyTo(Stage stage) =>
        stage with { Jobs = [.. stage.Jobs.Select(job => (job.Pool ?? stage.Pool) is ServerPool ? job : ApplyTo(job))] };

    private Job ApplyTo(Job job) => job.Plain is { Template: not null } or { Error: not null } ? job : job with
    {
        CancelTimeoutInMinutes = job.CancelTimeoutInMinutes ?? CancelTimeout,
        CleanWorkspace = job.CleanWorkspace ?? Sources.CleanWorkspace,
        Steps = [.. Checkout(job), .. job.Steps.Select(step => OwnSteps.IsGenerated(job) ? ApplyTo(step) : step)],
    };

    // A job of a team's own that does not say what it checks out gets the sources as the others do. A template may have a checkout, and
    // deployment jobs check nothing out by themselves.
    private IEnumerable<Step> Checkout(Job job) =>
        Sources == new Sources { CleanWorkspace = Sources.CleanWorkspace }
        || job.Environment is not null
        || job.Steps.Any(step => step is CheckoutStep or StepTemplate)
            ? []
            : [ApplyTo(new CheckoutStep { Origin = nameof(Sources), IsRepeatable = true })];

    private Step ApplyTo(Step step) => step switch
    {
        CheckoutStep { IsRepeatable: true } checkout => checkout with
        {
            FetchDepth = Sources.FetchDepth ?? checkout.FetchDepth,
            LargeFiles = Sources.LargeFiles ? true : null,
            Submodules = Sources.Submodules == SubmoduleCheckout.None ? null : Sources.Submodules,
            PersistCredentials = Sources.PersistCredentials ? true : null,
            Path = Sources.Path,
        },
        { IsRepeatable: true } when RetryCount > 0 => step with { RetryCountOnTaskFailure = RetryCount },
        _ => step,
    };
}
