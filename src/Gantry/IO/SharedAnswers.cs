using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Gantry.IO;

/// <summary>
/// Remembers answers: concurrent callers share one question, and later ones its answer. A question that failed is asked again.
/// </summary>
internal sealed class SharedAnswers<TQuestion, TAnswer>
    where TQuestion : notnull
{
    private readonly ConcurrentDictionary<TQuestion, Lazy<Task<TAnswer>>> _answers = new();

    /// <summary>Returns the answer to a question; asks it when there is none.</summary>
    /// <param name="question">The question.</param>
    /// <param name="ask">Asks it. Its cancellation is that of all who wait for it.</param>
    public async Task<TAnswer> GetAsync(TQuestion question, Func<Task<TAnswer>> ask)
    {
        var answer = _answers.GetOrAdd(question, _ => new Lazy<Task<TAnswer>>(ask));
        try
        {
            return await answer.Value;
        }
        catch
        {
            _answers.TryRemove(KeyValuePair.Create(question, answer));
            throw;
        }
    }

    /// <summary>Finds an answer that was given already, without asking; returns false when there is none.</summary>
    public bool TryFind(TQuestion question, [NotNullWhen(true)] out Task<TAnswer>? answer)
    {
        answer = _answers.TryGetValue(question, out var asked) && asked is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }
            ? asked.Value
            : null;
        return answer is not null;
    }
}
