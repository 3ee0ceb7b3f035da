namespace Gantry.AzurePipelines.Boards;

/// <summary>The reference names of fields, which are the same in every process.</summary>
internal static class WorkItemFields
{
    public const string Title = "System.Title";
    public const string Type = "System.WorkItemType";
    public const string State = "System.State";
    public const string Tags = "System.Tags";
    public const string AreaPath = "System.AreaPath";
    public const string IterationPath = "System.IterationPath";
    public const string AssignedTo = "System.AssignedTo";
    public const string Description = "System.Description";

    /// <summary>The description of bugs in most processes: their form does not show the other one.</summary>
    public const string ReproSteps = "Microsoft.VSTS.TCM.ReproSteps";

    /// <summary>The next comment.</summary>
    public const string History = "System.History";
}
