using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;

namespace Gantry.Azure.ResourceManager;

/// <summary>A response of Azure Resource Manager.</summary>
internal sealed record ArmResponse
{
    public required HttpStatusCode Status { get; init; }

    public required BinaryData Body { get; init; }

    /// <summary>The action of the request, for messages.</summary>
    public required string What { get; init; }

    /// <summary>The address for the state of the operation; the state is in its body.</summary>
    public string? AsyncOperation { get; init; }

    /// <summary>The address for the state of the operation; the state is its status code.</summary>
    public string? Location { get; init; }

    /// <summary>The time to wait between two requests.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Reads a response. Credentials that were sent are masked in a refusal.</summary>
    public static ArmResponse Of(Response response, string what, DateTimeOffset now, SecretMask secrets) => new()
    {
        Status = (HttpStatusCode)response.Status,
        Body = response.IsError ? BinaryData.FromString(secrets.Apply(response.Content.ToString())) : response.Content,
        What = what,
        AsyncOperation = Header(response, "Azure-AsyncOperation"),
        Location = Header(response, "Location"),
        RetryAfter = ReadRetryAfter(Header(response, "Retry-After"), now),
    };

    /// <summary>Returns itself, or throws the error that it contains.</summary>
    public ArmResponse EnsureSuccess() => IsSuccess ? this : throw ArmErrors.Of(this);

    /// <summary>Reads the body, or throws <c>GAN9016</c>.</summary>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type) ?? throw ArmErrors.UnexpectedAnswer(What, Status, "nothing in it");
        }
        catch (JsonException exception)
        {
            throw ArmErrors.UnexpectedAnswer(What, Status, "it is not the documented JSON", exception);
        }
    }

    /// <summary>Finds the error in the body, or returns null.</summary>
    public ArmError? FindError()
    {
        try
        {
            return JsonSerializer.Deserialize(Body, ArmJson.Default.ArmErrorBody)?.Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Header(Response response, string name) => response.Headers.TryGetValue(name, out var value) ? value : null;

    // Zero seconds and a time in the past ask for no pause in particular.
    private static TimeSpan? ReadRetryAfter(string? text, DateTimeOffset now)
    {
        if (text?.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            var seconds = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
            return seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) && date > now
            ? date - now
            : null;
    }
}
