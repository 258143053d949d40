using Microsoft.AspNetCore.Routing;
using Perennial.Authority.Issuance;
using Perennial.Provisioning.CaCertificates;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Breaches;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Retirement;
using Perennial.Rolling.Rolls;
using Perennial.Server.Breach;
using Perennial.Server.Http;
using Perennial.Server.Hubs;
using Perennial.Server.Notices;
using Perennial.Server.Rolls;
using Perennial.Server.Storage.Sql;
using Perennial.X509;

namespace Perennial.Server.Hosting;

/// <summary>Puts the service API of provisioning together: what operators' tools ask.</summary>
internal sealed class ServiceApiComposition(
    ServiceCall call,
    SqlDatabase database,
    LinkHubs links,
    ChainPolicy policy,
    JudgeChain judge,
    ServedHubs hubs,
    LatestSteps steps,
    MeasureIssuance issuance,
    TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var enrollments = new EnrollmentStore(database, time);
        var registrations = new RegistrationStore(database, time);
        var sightings = new SightingStore(database);
        var linked = links.Linked;
        var save = new SaveEnrollment(enrollments, linked, time);
        var delete = new DeleteEnrollment(enrollments, linked);
        var retire = new RetireCertificate(enrollments, sightings, save);
        var impact = new AnswerImpact(call, new PreviewImpact(new PresentedChains(database), new PresentedKeys(database), judge, hubs.FollowingEnrollments, time));
        foreach (EnrollmentForm form in new EnrollmentForm[] { new IndividualEnrollmentForm(), new EnrollmentGroupForm() })
        {
            new EnrollmentEndpoints(form, call, enrollments, registrations, save, delete, impact).Map(routes);
            new EnrollmentBulkEndpoint(form, call, enrollments, save, delete).Map(routes);
            new RollingEndpoints(form, call, enrollments, sightings, retire, impact).Map(routes);
        }

        new RegistrationEndpoints(call, registrations, new DeleteRegistration(registrations, new BlockStore(database, time), hubs)).Map(routes);
        new SightingEndpoints(call, sightings).Map(routes);
        new AuditEndpoints(call, new AuditStore(database)).Map(routes);
        var webhooks = new WebhookStore(database, time);
        new WebhookEndpoints(call, webhooks, new SaveWebhook(webhooks), time).Map(routes);
        new LinkedHubEndpoints(call, links).Map(routes);
        var certificates = new CaCertificateStore(database, time);
        var change = new ChangeCaCertificate(certificates, linked, policy, time);
        new CaCertificateEndpoints(call, certificates, change, new PlanChange(enrollments, certificates), impact).Map(routes);
        var blocks = new BlockStore(database, time);
        var (block, drains) = (new BlockCredential(blocks, enrollments, hubs, time), new DrainStore(database));
        new BlockEndpoints(call, block, blocks, drains, impact).Map(routes);
        var rolls = new RollStore(database, time);
        var (create, issuers) = (new CreateRoll(rolls, enrollments, time), new RolledIssuers(new IssuerStore(database, time), time));
        var createOfIssuer = new CreateIssuerRoll(create, issuers, new MoveTrust(rolls, enrollments, save, issuers));
        new RollEndpoints(call, rolls, create, createOfIssuer, new SteerRoll(rolls, time), steps, time).Map(routes);
        var breaches = new BreachStore(database);
        var follow = new FollowBreach(breaches, enrollments, blocks, drains, new PresentedChains(database), time);
        new BreachEndpoints(call, breaches, follow, new BreachSteps(breaches, block, save, create, rolls, time), impact).Map(routes);
        var capacity = new CapacityStore(database, time);
        new CapacityEndpoints(call, capacity, new MeasureCapacity(new IssuerStore(database, time), issuance, capacity, time)).Map(routes);
        new IssuerImpactEndpoint(call, new IssuerStore(database, time), impact).Map(routes);
    }
}
