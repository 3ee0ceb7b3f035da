using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gantry.Testing.Faults;

/// <summary>Faults between registries and their clients.</summary>
public static class RegistryFaults
{
    /// <summary>Answers with an error without an explanation.</summary>
    public static Fault StatusCode(int status, string? retryAfter = null) => fault =>
    {
        fault.Http.Response.StatusCode = status;
        if (retryAfter is not null)
            fault.Http.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    };

    /// <summary>Answers with an error with the registry's code.</summary>
    public static Fault Refuse(int status, string code) => fault => RegistryApi.RefuseAsync(fault.Http, status, code);

    /// <summary>Answers with an HTML page.</summary>
    public static Fault Html(int status = 200) => async fault =>
    {
        fault.Http.Response.StatusCode = status;
        fault.Http.Response.ContentType = "text/html; charset=utf-8";
        await fault.Http.Response.WriteAsync("<!doctype html><title>Welcome</title>");
    };

    /// <summary>Answers with another challenge.</summary>
    public static Fault Challenge(string challenge) => fault =>
    {
        fault.Http.Response.StatusCode = 401;
        fault.Http.Response.Headers.WWWAuthenticate = challenge;
        return Task.CompletedTask;
    };

    /// <summary>Resets the connection before any answer.</summary>
    public static Fault Reset() => fault =>
    {
        fault.Http.Abort();
        return Task.CompletedTask;
    };

    /// <summary>Executes the request and loses the answer.</summary>
    public static Fault LoseAnswer() => async fault =>
    {
        await CaptureAsync(fault);
        fault.Http.Abort();
    };

    /// <summary>Resets the connection after so many bytes of the request's body, which are kept.</summary>
    public static Fault ResetAfterReceiving(int bytes) => async fault =>
    {
        var upload = fault.Registry.Store.Uploads[fault.Http.Request.Path.Value!.Split('/')[^1]];
        var buffer = new byte[bytes];
        await fault.Http.Request.Body.ReadExactlyAsync(buffer);
        upload.Content.Write(buffer);
        fault.Http.Abort();
    };

    /// <summary>Stops receiving the request's body.</summary>
    public static Fault StallReceiving() => Stall();

    /// <summary>Sends no answer.</summary>
    public static Fault Stall() => fault => PassAsync(fault, fault.Registry.Time.PendingLimits());

    /// <summary>Sends no answer, for a client in another process: until it gives up.</summary>
    public static Fault Hang() => async fault =>
    {
        var gone = new TaskCompletionSource();
        await using var registration = fault.Http.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    };

    /// <summary>Sends a part of the body and no more, for a client in another process: until it gives up.</summary>
    public static Fault HangAfter(int bytes) => async fault =>
    {
        await SendPartAsync(fault, await CaptureAsync(fault), bytes);
        await Hang()(fault);
    };

    /// <summary>Ends the body early, and the connection with it.</summary>
    public static Fault Truncate(int bytes) => async fault =>
    {
        var body = await CaptureAsync(fault);
        await SendPartAsync(fault, body, bytes);
        fault.Http.Abort();
    };

    /// <summary>Ends the body early, as if it were complete.</summary>
    public static Fault Shorten(int bytes) => async fault =>
    {
        var body = await CaptureAsync(fault);
        fault.Http.Response.ContentLength = bytes;
        await fault.Http.Response.Body.WriteAsync(body.AsMemory(0, bytes));
    };

    /// <summary>Ends the body early, without a length.</summary>
    public static Fault ShortenChunked(int bytes) => async fault =>
    {
        var body = await CaptureAsync(fault);
        fault.Http.Response.ContentLength = null;
        await fault.Http.Response.Body.WriteAsync(body.AsMemory(0, bytes));
    };

    /// <summary>Sends more than expected, without a length.</summary>
    public static Fault Lengthen(int bytes) => async fault =>
    {
        var body = await CaptureAsync(fault);
        fault.Http.Response.ContentLength = null;
        await fault.Http.Response.Body.WriteAsync(body);
        await fault.Http.Response.Body.WriteAsync(new byte[bytes]);
    };

    /// <summary>Stops in the middle of the body and keeps the connection.</summary>
    /// <param name="bytes">The number of bytes that are sent.</param>
    /// <param name="read">Completes when the client has read them; null when it may have read any number of them before its time
    /// limit.</param>
    public static Fault StallAfter(int bytes, Task? read = null) => async fault =>
    {
        var limits = fault.Registry.Time.PendingLimits();
        var body = await CaptureAsync(fault);
        await SendPartAsync(fault, body, bytes);

        // From here on the client has the headers, and waits for the body.
        await limits.WaitForRescheduleAsync(fault.Http.RequestAborted);
        await (read ?? Task.CompletedTask).WaitAsync(fault.Http.RequestAborted);
        await PassAsync(fault, limits);
    };

    /// <summary>Sends a byte every few minutes.</summary>
    public static Fault SendSlowly() => async fault =>
    {
        var limits = fault.Registry.Time.PendingLimits();
        var body = await CaptureAsync(fault);
        fault.Http.Response.ContentLength = body.Length;
        for (var i = 0; i < body.Length; i++)
        {
            await fault.Http.Response.Body.WriteAsync(body.AsMemory(i, 1));
            await fault.Http.Response.Body.FlushAsync();
            await limits.WaitForRescheduleAsync(fault.Http.RequestAborted);
            if (!await limits.AdvanceWhenAwaitedAsync(AutoAdvancingTime.TimeLimit / 10, fault.Http.RequestAborted))
                break;
        }

        fault.Http.Abort();
    };

    /// <summary>Flips one bit of the body.</summary>
    public static Fault Corrupt() => async fault =>
    {
        var body = await CaptureAsync(fault);
        body[body.Length / 2] ^= 1;
        await fault.Http.Response.Body.WriteAsync(body);
    };

    /// <summary>Compresses the body, although nothing asked for it.</summary>
    public static Fault Gzip() => async fault =>
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(await CaptureAsync(fault));
        fault.Http.Response.Headers.ContentEncoding = "gzip";
        fault.Http.Response.ContentLength = compressed.Length;
        await fault.Http.Response.Body.WriteAsync(compressed.ToArray());
    };

    /// <summary>Sends another body, of any media type.</summary>
    public static Fault Answer(string mediaType, byte[] body, int status = 200) => async fault =>
    {
        fault.Http.Response.StatusCode = status;
        fault.Http.Response.ContentType = mediaType;
        fault.Http.Response.ContentLength = body.Length;
        if (fault.Http.Request.Method != "HEAD")
            await fault.Http.Response.Body.WriteAsync(body);
    };

    /// <summary>Changes or removes a header.</summary>
    public static Fault Header(string name, string? value) => async fault =>
    {
        var body = await CaptureAsync(fault);
        fault.Http.Response.Headers.Remove(name);
        if (value is not null)
            fault.Http.Response.Headers[name] = value;
        if (fault.Http.Request.Method != "HEAD")
            await fault.Http.Response.Body.WriteAsync(body);
    };

    /// <summary>Reports success without executing the request.</summary>
    public static Fault AnswerWithoutDoing(int status) => async fault =>
    {
        await fault.Http.Request.Body.CopyToAsync(Stream.Null);
        fault.Http.Response.StatusCode = status;
    };

    /// <summary>Redirects to another address.</summary>
    public static Fault Redirect(string location, int status = 307) => fault =>
    {
        fault.Http.Response.StatusCode = status;
        fault.Http.Response.Headers.Location = location.Replace(
            "{path}", $"{fault.Http.Request.Path}{fault.Http.Request.QueryString}", StringComparison.Ordinal);
        return Task.CompletedTask;
    };

    /// <summary>Forgets the upload.</summary>
    public static Fault LoseUpload() => async fault =>
    {
        fault.Registry.Store.Uploads.Clear();
        await fault.AnswerAsync();
    };

    /// <summary>Sends a body without an end.</summary>
    public static Fault Endless(string mediaType) => async fault =>
    {
        fault.Http.Response.ContentType = mediaType;
        var spaces = new byte[64 * 1024];
        spaces.AsSpan().Fill((byte)' ');
        while (!fault.Http.RequestAborted.IsCancellationRequested)
            await fault.Http.Response.Body.WriteAsync(spaces, fault.Http.RequestAborted);
    };

    /// <summary>Advances the clock of a client that waits for its answer, until it no longer waits.</summary>
    private static async Task PassAsync(FaultContext fault, AutoAdvancingTime.TimeLimits limits)
    {
        while (await limits.AdvanceWhenAwaitedAsync(AutoAdvancingTime.TimeLimit, fault.Http.RequestAborted))
        {
            // The limits of concurrent operations may expire first.
        }

        fault.Http.Abort();
    }

    private static async Task SendPartAsync(FaultContext fault, byte[] body, int bytes)
    {
        fault.Http.Response.ContentLength = body.Length;
        await fault.Http.Response.Body.WriteAsync(body.AsMemory(0, bytes));
        await fault.Http.Response.Body.FlushAsync();
    }

    /// <summary>Executes the request, and holds back the body of the answer.</summary>
    private static async Task<byte[]> CaptureAsync(FaultContext fault)
    {
        var features = fault.Http.Features;
        var original = features.Get<IHttpResponseBodyFeature>()!;
        using var captured = new MemoryStream();
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(captured));
        try
        {
            await fault.AnswerAsync();
        }
        finally
        {
            features.Set(original);
        }

        return captured.ToArray();
    }
}
