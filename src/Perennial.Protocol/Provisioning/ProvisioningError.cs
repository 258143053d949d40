namespace Perennial.Protocol.Provisioning;

/// <summary>An error of the provisioning service as the wire knows it.</summary>
/// <remarks>Codes 400207 to 400209, 401002, 404201 and 404202 are those of the real service; the others are chosen alike. Source: dps-protocol §1.8.</remarks>
public sealed record ProvisioningError
{
    /// <summary>The body or the parameters are malformed, or ids disagree.</summary>
    public static readonly ProvisioningError BadRequest = new(400, 400004, "Invalid request.");

    /// <summary>No hub could be chosen; inside a result of status <c>failed</c>.</summary>
    public static readonly ProvisioningError AllocationFailed = new(400, 400207, "No IoT hub could be allocated.");

    /// <summary>The hub named by the enrollment is not linked; inside a result of status <c>failed</c>.</summary>
    public static readonly ProvisioningError HubNotFound = new(400, 400208, "The linked IoT hub was not found.");

    /// <summary>The hub refuses the provisioning service; inside a result of status <c>failed</c>.</summary>
    public static readonly ProvisioningError HubRefused = new(400, 400209, "The linked IoT hub refused the request.");

    /// <summary>No enrollment accepts the credential, or the token is bad or expired.</summary>
    public static readonly ProvisioningError Unauthorized = new(401, 401002, "Unauthorized");

    /// <summary>No enrollment for the leaf and no signing certificate above it.</summary>
    public static readonly ProvisioningError CertificateAuthorityNotFound = new(401, 401002, "CA certificate not found.");

    /// <summary>The certificate is refused: another leaf is enrolled, the chain is broken, or it has expired.</summary>
    public static readonly ProvisioningError InvalidCertificate = new(401, 401002, "Invalid certificate.");

    /// <summary>The credential is drained: with a signing request the device is given a new certificate, and nothing else.</summary>
    public static readonly ProvisioningError Drained = new(401, 401016, "A new certificate is needed: register with a signing request.");

    /// <summary>No enrollment or registration with this id.</summary>
    public static readonly ProvisioningError NotFound = new(404, 404201, "Resource not found.");

    /// <summary>No operation with this id, or no such path.</summary>
    public static readonly ProvisioningError OperationNotFound = new(404, 404202, "Operation not found.");

    /// <summary>The path does not take this method.</summary>
    public static readonly ProvisioningError MethodNotAllowed = new(405, 405001, "Method not allowed.");

    /// <summary>The object exists already.</summary>
    public static readonly ProvisioningError Conflict = new(409, 409001, "Resource already exists.");

    /// <summary>The entity tag is not the stored one.</summary>
    public static readonly ProvisioningError PreconditionFailed = new(412, 412001, "Precondition failed.");

    /// <summary>The body is too long.</summary>
    public static readonly ProvisioningError TooLarge = new(413, 413001, "Request too large.");

    /// <summary>The body is not JSON by its content type.</summary>
    public static readonly ProvisioningError UnsupportedMediaType = new(415, 415001, "Unsupported media type.");

    /// <summary>Too many requests; goes with <c>retry-after</c>.</summary>
    public static readonly ProvisioningError Throttled = new(429, 429001, "Too many requests.");

    /// <summary>The fault is ours.</summary>
    public static readonly ProvisioningError Internal = new(500, 500001, "Internal error.");

    /// <summary>Not at this moment; goes with <c>retry-after</c>.</summary>
    public static readonly ProvisioningError Unavailable = new(503, 503001, "Service unavailable.");

    private ProvisioningError(int httpStatus, int code, string message)
    {
        HttpStatus = httpStatus;
        Code = code;
        Message = message;
    }

    /// <summary>The HTTP status, which MQTT puts into the reply topic.</summary>
    public int HttpStatus { get; }

    /// <summary>Six digits; the first three are the HTTP status.</summary>
    public int Code { get; }

    /// <summary>The text for the client.</summary>
    public string Message { get; private init; }

    /// <summary>The same error with a text for this one case.</summary>
    /// <param name="message">The text; never more than the caller may know.</param>
    /// <returns>The error.</returns>
    public ProvisioningError WithMessage(string message) => this with { Message = message };

    /// <summary>Makes the body.</summary>
    /// <param name="trackingId">The GUID by which the operator finds the refusal.</param>
    /// <param name="at">When it happened.</param>
    /// <returns>The body.</returns>
    public ProvisioningErrorDocument ToDocument(Guid trackingId, DateTimeOffset at) => new()
    {
        ErrorCode = Code,
        TrackingId = trackingId.ToString("D"),
        Message = Message,
        TimestampUtc = at,
    };
}
