namespace Gantry.Display;

/// <summary>How progress is shown.</summary>
public enum ProgressStyle
{
    /// <summary>Bars on a terminal, lines elsewhere.</summary>
    Auto,

    /// <summary>Bars.</summary>
    Bars,

    /// <summary>A line every few seconds.</summary>
    Lines,

    /// <summary>Not at all.</summary>
    None,
}
