namespace Gantry.Cli;

/// <summary>The formats of a list of what would be deleted.</summary>
internal enum PruneFormat
{
    /// <summary>Lines for people.</summary>
    Table,

    /// <summary>A JSON document for programs.</summary>
    Json,
}
