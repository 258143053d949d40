using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Logging;
using Perennial.Server.Storage;

namespace Perennial.Server.Http;

/// <summary>Gives an error document to what no endpoint answered: unknown path, wrong method, a failure of ours.</summary>
internal sealed partial class ErrorPages(ILogger<ErrorPages> logger, TimeProvider time)
{
    public void Use(WebApplication app) => app.Use(AnswerAsync);

    private async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (BadHttpRequestException exception)
        {
            context.Response.StatusCode = exception.StatusCode;
        }
        catch (StorageUnavailableException) when (!context.Response.HasStarted)
        {
            Reply.ComeAgain(context);
        }
        catch (Exception exception)
        {
            LogFailed(exception);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        if (!context.Response.HasStarted && context.Response.ContentLength is null && Of(context.Response.StatusCode) is { } error)
        {
            await Reply.ErrorAsync(context, error, time);
        }
    }

    private static ProvisioningError? Of(int status) => status switch
    {
        StatusCodes.Status404NotFound => ProvisioningError.NotFound,
        StatusCodes.Status405MethodNotAllowed => ProvisioningError.MethodNotAllowed,
        StatusCodes.Status413PayloadTooLarge => ProvisioningError.TooLarge,
        StatusCodes.Status415UnsupportedMediaType => ProvisioningError.UnsupportedMediaType,
        StatusCodes.Status500InternalServerError => ProvisioningError.Internal,
        StatusCodes.Status503ServiceUnavailable => ProvisioningError.Unavailable,
        >= 400 and < 500 => ProvisioningError.BadRequest,
        _ => null,
    };

    [LoggerMessage(LogIds.RequestFailed, LogLevel.Error, "A request failed here")]
    private partial void LogFailed(Exception exception);
}
