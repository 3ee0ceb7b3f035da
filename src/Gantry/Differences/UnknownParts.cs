namespace Gantry.Differences;

/// <summary>Collects what could not be read: an error in one part says nothing about the others.</summary>
internal sealed class UnknownParts
{
    private readonly List<string> _sentences = [];

    /// <summary>What could not be read, each as one sentence without a full stop.</summary>
    public IReadOnlyList<string> Sentences => [.. _sentences.Distinct(StringComparer.Ordinal)];

    /// <summary>Adds a sentence.</summary>
    public void Add(DisplayText sentence) => _sentences.Add(sentence.ToString());

    /// <summary>Reads a part; an error becomes a sentence.</summary>
    /// <param name="what">The part: <c>the packages of app</c>.</param>
    /// <param name="read">Reads it.</param>
    public async Task TryAsync(string what, Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (GantryException error)
        {
            Add($"{what}: {error.Problem}; {error.Remedy} ({error.Code})");
        }
    }
}
