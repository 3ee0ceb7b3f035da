namespace Gantry.Display;

/// <summary>The ways to show progress.</summary>
public enum ProgressStyle
{
    /// <summary>Bars on a terminal, lines elsewhere.</summary>
    Auto,

    /// <summary>Bars.</summary>
    Bars,

    /// <summary>A line every few seconds.</summary>
    Lines,

    /// <summary>No progress.</summary>
    None,
}
