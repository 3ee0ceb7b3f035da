using Gantry.AzurePipelines.Model;

namespace Gantry.Nuke;

/// <summary>
/// Adds a schedule to the pipeline of <see cref="PromotionPipelineAttribute"/>:
/// <c>[PipelineSchedule("0 3 * * Mon-Fri", DisplayName = "Every night", Always = true)]</c>.
/// </summary>
/// <param name="cron">Minute, hour, day, month and day of the week, in UTC.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PipelineScheduleAttribute(string cron) : Attribute
{
    /// <summary>Minute, hour, day, month and day of the week, in UTC: <c>0 3 * * Mon-Fri</c>.</summary>
    public string Cron { get; } = cron;

    /// <summary>The display name; null for none.</summary>
    public string? DisplayName { get; set; }

    /// <summary>The branches to run; empty for those whose pushes start a run.</summary>
    public string[] Branches { get; set; } = [];

    /// <summary>The branches not to run, although <see cref="Branches"/> includes them.</summary>
    public string[] BranchesExclude { get; set; } = [];

    /// <summary>True to run even when nothing has changed since the last successful scheduled run.</summary>
    public bool Always { get; set; }

    /// <summary>True to skip the run while the previous scheduled run is in progress.</summary>
    public bool Batch { get; set; }

    /// <summary>True to start the release pipeline instead of the one that builds.</summary>
    public bool OfReleasePipeline { get; set; }

    /// <summary>Creates the schedule.</summary>
    /// <param name="branches">The branches to run when the attribute names none.</param>
    internal Schedule Create(Filter branches) => new(Cron)
    {
        DisplayName = DisplayName,
        Branches = Branches.Length + BranchesExclude.Length == 0 ? branches : new() { Include = Branches, Exclude = BranchesExclude },
        Always = Always,
        Batch = Batch,
    };
}
