namespace Gantry.Cli;

/// <summary>The formats of results.</summary>
internal enum OutputFormat
{
    /// <summary>Lines for people.</summary>
    Text,

    /// <summary>A JSON document for programs.</summary>
    Json,
}
