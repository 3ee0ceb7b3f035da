namespace Gantry.AzurePipelines.Boards;

/// <summary>GAN4520: reports as work items.</summary>
internal static class WorkItemErrors
{
    public static GantryException NoCompletedState(string type, IEnumerable<string> states) =>
        new(
            "GAN4520",
            $"a work item of the type '{type}' cannot be closed: none of its states ({Format.List(states)}) is of the category Completed",
            "name another type in DriftAlert, or add such a state to the process");
}
