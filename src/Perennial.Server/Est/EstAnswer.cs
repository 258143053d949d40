using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Perennial.X509;

namespace Perennial.Server.Est;

/// <summary>What EST clients are sent (RFC 7030 §4; base64 without lines as RFC 8951 §3.1 allows).</summary>
internal static class EstAnswer
{
    private const string CertificatesOnly = "application/pkcs7-mime; smime-type=certs-only";

    public static Task CertificatesAsync(HttpContext context, IEnumerable<Certificate> certificates)
    {
        var loaded = new X509Certificate2Collection();
        try
        {
            foreach (var certificate in certificates)
            {
                loaded.Add(X509CertificateLoader.LoadCertificate(certificate.Der.Span));
            }

            return Base64Async(context, CertificatesOnly, loaded.Export(X509ContentType.Pkcs7)!);
        }
        finally
        {
            foreach (var certificate in loaded)
            {
                certificate.Dispose();
            }
        }
    }

    public static Task Base64Async(HttpContext context, string contentType, ReadOnlySpan<byte> content)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = contentType;
        context.Response.Headers["Content-Transfer-Encoding"] = "base64";
        return WriteAsync(context, Convert.ToBase64String(content) + "\n");
    }

    /// <summary>Comes again with the same request (§4.2.3).</summary>
    public static Task LaterAsync(HttpContext context, int status, TimeSpan wait, string sentence)
    {
        context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return TextAsync(context, status, sentence);
    }

    /// <summary>A sentence for a person (§4.2.3).</summary>
    public static Task TextAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return WriteAsync(context, sentence + "\n");
    }

    private static Task WriteAsync(HttpContext context, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
