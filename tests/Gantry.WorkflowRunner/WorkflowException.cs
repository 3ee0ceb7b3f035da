namespace Gantry.WorkflowRunner;

/// <summary>A workflow that GitHub would refuse, or that uses what is not imitated here.</summary>
public sealed class WorkflowException(string message) : Exception(message);
