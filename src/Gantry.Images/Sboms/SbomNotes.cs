namespace Gantry.Images.Sboms;

/// <summary>
/// Collects notes about what could not be read. They contain names of files of the image, so control characters are escaped.
/// </summary>
internal sealed class SbomNotes
{
    private readonly List<string> _notes = [];
    private long _more;

    /// <summary>Adds a note about a file.</summary>
    public void Add(string file, string reason) => Add($"{file}: {reason}");

    /// <summary>Adds a note; counts it when there are many.</summary>
    public void Add(DisplayText note)
    {
        if (_notes.Count < Limits.SbomNotes)
            _notes.Add(note.ToString());
        else
            _more++;
    }

    /// <summary>Returns the notes, and how many were only counted.</summary>
    public IReadOnlyList<string> ToList() => _more == 0 ? [.. _notes] : [.. _notes, $"and {Format.Count(_more, "more note")}"];
}
