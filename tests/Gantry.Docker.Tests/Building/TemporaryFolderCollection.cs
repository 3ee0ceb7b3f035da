namespace Gantry.Docker.Tests.Building;

/// <summary>Tests that change where temporary files are in this process; nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TemporaryFolderCollection
{
    public const string Name = "temporary folder of the process";
}
