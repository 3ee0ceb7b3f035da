namespace Gantry.Cli;

/// <summary>The formats of results.</summary>
internal enum OutputFormat
{
    /// <summary>Lines for people.</summary>
    Text,

    /// <summary>A JSON document for programs.</summary>
    Json,

    /// <summary>JUnit XML of the checks, of a plan or a verification.</summary>
    JUnit,

    /// <summary>SARIF of the checks, of a plan or a verification.</summary>
    Sarif,
}
