import { Card, Link, StatusTag, useRoute } from "../../ui/index.ts";
import { applicationOfClaim } from "../contract.ts";

/** On a claim's page: the application that it came of, and what of it is still to be looked at. */
export function ClaimApplication({ claimId }: { claimId: string }) {
  const { data } = useRoute(applicationOfClaim, { claimId });
  const application = data?.application;
  if (!application) return null;
  return (
    <Card title="申请" padded>
      <Link to={`/applications/${application.applicationId}`}>{application.number}</Link>
      <p className="caption">
        {application.files} 份材料，申请人承诺 {application.stated} 项{" "}
        {application.unchecked > 0 ? (
          <StatusTag tone="soon">{application.unchecked} 项待核实</StatusTag>
        ) : application.stated > 0 ? (
          <StatusTag tone="done">都已核实</StatusTag>
        ) : null}
      </p>
    </Card>
  );
}
