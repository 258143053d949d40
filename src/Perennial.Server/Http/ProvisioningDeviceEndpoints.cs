using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Connections;
using Perennial.X509;
using RegistrationId = Perennial.Provisioning.RegistrationId;

namespace Perennial.Server.Http;

/// <summary>The provisioning service's device API over HTTPS (dps-protocol §2).</summary>
internal sealed class ProvisioningDeviceEndpoints(string idScope, AnswerDevice answers, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/{scope}/registrations/{id}/register", (RequestDelegate)RegisterAsync);
        routes.MapGet("/{scope}/registrations/{id}/operations/{operation}", (RequestDelegate)PollAsync);
        routes.MapPost("/{scope}/registrations/{id}", (RequestDelegate)LookUpAsync);
        routes.MapPut("/{scope}/registrations/{id}/certificate", (RequestDelegate)PlaceAsync);
    }

    private async Task RegisterAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, RegistrationRequest.MaxLength) is not { } body)
        {
            await Reply.ErrorAsync(context, ProvisioningError.TooLarge, time);
            return;
        }

        await AnswerAsync(context, async id =>
        {
            var answer = await answers.RegisterAsync(id, Presented(context), body, context.RequestAborted);
            if (answer.Status != StatusCodes.Status200OK)
            {
                return answer;
            }

            // Two clients take nothing but 202 here, also when the body is final (dps-protocol §2.1).
            context.Response.Headers.Location = $"https://{context.Request.Host}{context.Request.Path}";
            return answer with { Status = StatusCodes.Status202Accepted, RetryAfter = RetryAfter.Usual };
        });
    }

    private Task PollAsync(HttpContext context) => AnswerAsync(
        context,
        id => answers.PollAsync(id, Presented(context), (string)context.Request.RouteValues["operation"]!, context.RequestAborted));

    private async Task PlaceAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, RegistrationRequest.MaxLength) is not { } body)
        {
            await Reply.ErrorAsync(context, ProvisioningError.TooLarge, time);
            return;
        }

        await AnswerAsync(context, id => answers.PlaceAsync(id, Presented(context), body, context.RequestAborted));
    }

    private async Task LookUpAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, RegistrationRequest.MaxLength) is not { } body)
        {
            await Reply.ErrorAsync(context, ProvisioningError.TooLarge, time);
            return;
        }

        await AnswerAsync(context, async id =>
            !RegistrationRequest.TryParse(body.Span, out var request) || request.Csr is not null
                ? answers.Error(ProvisioningError.BadRequest.WithMessage("The request body cannot be read, or asks for a certificate."))
                : await answers.LookUpAsync(id, Presented(context), context.RequestAborted));
    }

    private async Task AnswerAsync(HttpContext context, Func<RegistrationId, Task<DeviceAnswer>> answer)
    {
        var result = TryAnnounce(context, out var id, out var refused) ? await answer(id) : refused;
        if (result.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (result.ErrorCode is { } code)
        {
            context.Response.Headers[WireHeader.ProvisioningErrorCode] = code.ToString(CultureInfo.InvariantCulture);
        }

        await Reply.JsonAsync(context, result.Status, result.Body);
    }

    private bool TryAnnounce(
        HttpContext context, [NotNullWhen(true)] out RegistrationId? id, [NotNullWhen(false)] out DeviceAnswer? refused)
    {
        var (scope, name) = ((string)context.Request.RouteValues["scope"]!, (string)context.Request.RouteValues["id"]!);
        refused = null;
        if (!RegistrationId.TryParse(name, out id))
        {
            refused = answers.Error(ProvisioningError.NotFound);
        }
        else if (!ApiVersion.IsAccepted(context.Request.Query[ApiVersion.Parameter]))
        {
            refused = answers.Error(ProvisioningError.BadRequest.WithMessage("The query parameter api-version is missing."));
        }
        else if (!string.Equals(scope, idScope, StringComparison.OrdinalIgnoreCase))
        {
            refused = answers.Refuse(new Refusal(ConnectionRefusals.UnknownIdScope, $"The device names '{scope}', this is '{idScope}'."), name);
        }

        return refused is null;
    }

    private static PresentedProof Presented(HttpContext context) => PresentedProof.Of(
        context.Features.Get<PresentedCertificates>() ?? new PresentedCertificates(), context.Request.Headers.Authorization);
}
